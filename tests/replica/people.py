"""Who writes for the replica, and the categories and tags of its articles."""

from __future__ import annotations

from tests.replica.truth import AuthorTruth, TermTruth

AUTHORS = {
    author.slug: author
    for author in (
        AuthorTruth(
            name="Daniel",
            slug="daniel",
            bio="A lifelong rock collector turned publisher, Daniel started this newsroom because he believes that open markets should be able to dig, separate and magnetise their own metals.",
        ),
        AuthorTruth(
            name="Zoë Marchetti-Núñez",
            slug="zoe-marchetti-nunez",
            bio="Zoë reports on magnets, motors and the people who make them. She spent nine years at a Łódź foundry before she learned to write about one; her beat runs from São Paulo to Đà Nẵng.",
        ),
        AuthorTruth(
            name="Priya Raghunathan",
            slug="priya-raghunathan",
            bio="Priya covers beach sands, tailings and the chemistry in between. She holds a degree in hydrometallurgy and keeps a jar of monazite on her desk (“it is only a little radioactive”).",
        ),
        AuthorTruth(
            name="J. B. O’Sullivan",
            slug="jb-osullivan",
            bio="J. B. follows the money: offtake contracts, price floors, warrants and the small print that nobody else reads.",
        ),
        AuthorTruth(
            name="李文 (Wen Li)",
            slug="wen-li",
            bio="Wen reads the Chinese trade press so that you do not have to, and translates what matters.",
        ),
        AuthorTruth(name="REEx Staff", slug="reex-staff", bio=""),
    )
}

TERMS = {
    term.slug: term
    for term in (
        TermTruth(taxonomy="category", name="News", slug="news"),
        TermTruth(taxonomy="category", name="Heavy Rare Earths", slug="heavy-rare-earths"),
        TermTruth(taxonomy="category", name="Magnets & Motors", slug="magnets-motors"),
        TermTruth(taxonomy="category", name="Policy", slug="policy"),
        TermTruth(taxonomy="category", name="Recycling", slug="recycling"),
        TermTruth(taxonomy="category", name="Podcast", slug="podcast-episodes"),
        TermTruth(taxonomy="tag", name="MP Materials", slug="mp-materials"),
        TermTruth(taxonomy="tag", name="Western Australia", slug="western-australia"),
        TermTruth(taxonomy="tag", name="Clean Energy Technology", slug="clean-energy-technology"),
        TermTruth(taxonomy="tag", name="China’s Export Controls", slug="chinas-export-controls"),
        TermTruth(taxonomy="tag", name="Brazil", slug="brazil"),
        TermTruth(taxonomy="tag", name="Việt Nam", slug="viet-nam"),
        TermTruth(taxonomy="tag", name="R&D", slug="rd"),
        TermTruth(taxonomy="tag", name="Lynas", slug="lynas"),
        TermTruth(taxonomy="tag", name="Defense", slug="defense"),
    )
}
"""Terms by slug."""
