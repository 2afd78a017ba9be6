"""Sentences for the site's articles and comments: made from a seed, in the wording and typography of a trade journal.

Straight quotes, double hyphens and dots are left to WordPress' own texturising; curly marks are what an author pasted.
"""

from __future__ import annotations

from random import Random

COMPANIES = (
    "Lynas",
    "MP Materials",
    "Iluka",
    "Arafura",
    "Energy Fuels",
    "Neo Performance",
    "Shenghe",
    "Solvay",
    "Vulcan Elements",
)
PLACES = (
    "Mount Weld",
    "Mountain Pass",
    "Baotou",
    "Eneabba",
    "Nolans Bore",
    "Kvanefjeld",
    "Nechalacho",
    "Saskatoon",
    "Kalgoorlie",
)
ELEMENTS = (
    "neodymium",
    "praseodymium",
    "dysprosium",
    "terbium",
    "samarium",
    "yttrium",
    "lanthanum",
    "cerium",
    "gadolinium",
)
PEOPLE = (
    "Amanda Lacaze",
    "Jim Litinsky",
    "Ruth Okafor",
    "Tomás Brandão",
    "Anneli Väisänen",
    "Zhou Lan",
    "Marta Nowak",
)
PRODUCTS = ("magnets", "oxides", "alloys", "separation reagents", "sintered blocks", "mixed carbonates", "phosphors")

_PLAIN = (
    "{company} shipped {number} tonnes of {element} oxide from {place} in the quarter.",
    "Demand for {element} outran what {place} could deliver, {person} told investors.",
    "The plant near {place} needs {small} more months before it can make {product}.",
    "Prices for {element} rose {small}.{digit} % after the export notice was published.",
    "No buyer outside Asia has signed for the heavy fraction yet.",
    "A second solvent-extraction line would lift capacity to {number} tonnes a year.",
    "Auditors found that {company} had counted {small} shipments twice.",
    "The permit covers mining, milling and leaching, but not the refining of {element}.",
    "Shares of {company} closed {small}.{digit} % lower in Sydney and were flat in New York.",
    "Customers ask for {product} with less {element} and get longer lead times instead.",
    "Tailings from {place} hold more {element} than many deposits that are being drilled.",
    "It is a small market; {number} tonnes move it.",
)
_CURLY = (
    "“We will not sell below cost,” {person} said, “and nobody should expect us to.”",
    "{company}’s filing says the kiln at {place} “ran without interruption”—for {small} days.",
    "Beijing’s ministry called the step “a routine adjustment,” yet the market’s reaction wasn’t routine.",
    "The world’s largest buyer of {element}—it isn’t named in the contract—pays a premium.",
    "“It’s the separation step,” says {person}, “that decides who’ll still be here in 2030.”",
    "What {company} doesn’t say: the offtake covers “up to” {number} tonnes.",
)
_STRAIGHT = (
    'The phrase "security of supply" appears {small} times in {company}\'s annual report.',
    "It's the third delay since the '90s -- and {person} doesn't expect it to be the last.",
    'Analysts call it the "{element} trap"... and they aren\'t joking.',
    "The 12' core from {place} assayed 3/4 of what the model predicted.",
    "Exports fell 10 - 15 percent, 'give or take a vessel,' as one trader put it.",
)
_MARKED = (
    "<strong>{company}</strong> and <em>{person}</em> disagree about the grade at {place}.",
    'According to <a href="https://example.org/{element}">a study of {element}</a>, recycling covers {small} % of demand.',
    'See <a class="wpil_keyword_link" href="{{{{home}}}}/news/{slug}/" title="{place}" data-wpil-keyword-link="linked">{place}</a> for the earlier report.',
    "The formula is Nd<sub>2</sub>Fe<sub>14</sub>B, at 10<sup>6</sup> units a year &amp; rising.",
    'Read the <a href="https://example.net/filing" target="_blank" rel="noopener">filing<span class="screen-reader-text">(opens in a new tab)</span></a> yourself.',
    "The ratio stayed &lt; 3 and the &#8220;basket price&#8221; stayed &gt; 60.",
)
FOREIGN = (
    "แร่หายากเป็นหัวใจของอุตสาหกรรมแม่เหล็กในประเทศไทย",
    "The Thai ministry’s notice begins “แร่ธาตุหายาก ๑๗ ชนิด” and lists them all.",
    "中国稀土集团表示，出口许可制度“不会改变”。",
    "In Chinese the rule is called 《稀土管理条例》, in force since October.",
    "Российские предприятия закупают “оксид неодима” в Казахстане.",
    "Việt Nam có trữ lượng đất hiếm lớn thứ hai thế giới, theo báo cáo.",
    "The Vietnamese paper’s headline reads “Đất hiếm: cơ hội và thách thức”.",
    "Η σπάνια γη δεν είναι “σπάνια”, λέει ο γεωλόγος.",
    "日本の磁石メーカーは“在庫は十分”と説明した。",
)
_TITLES = (
    "{company} and the {element} question",
    "{place}: who refines what is mined?",
    "Why {element} keeps rising",
    "{company} signs for {number} tonnes",
    "The {place} permit, explained",
    "{company}’s {element} bet",
    "What {person} didn’t say about {place}",
    "“{element} first”: {company} turns to {product}",
    "{company} — a year of {product} in review",
)
_COMMENTS = (
    "I have followed {company} since the float. This is the first article that gets {place} right.",
    "Where does the figure of {number} tonnes come from? The filing says less.",
    "Not convinced. {element} has been called scarce before.",
    "Thanks for this, {person} never answers that question.",
    "The link between {element} and the price of {product} is weaker than you think.",
    "Who pays for the second line at {place}?",
    "Great piece. More on {product}, please.",
    "{company}’s own slides say “up to” — that’s not a contract.",
    'They said "next quarter" last quarter... and the one before.',
)


def _filled(template: str, random: Random) -> str:
    place = random.choice(PLACES)
    return template.format(
        company=random.choice(COMPANIES),
        place=place,
        slug=place.lower().replace(" ", "-"),
        element=random.choice(ELEMENTS),
        person=random.choice(PEOPLE),
        product=random.choice(PRODUCTS),
        number=random.randint(110, 9900),
        small=random.randint(2, 29),
        digit=random.randint(1, 9),
    )


def sentence(random: Random) -> str:
    """One sentence as HTML, mostly plain."""
    kind = random.choices((_PLAIN, _CURLY, _STRAIGHT, _MARKED), (6, 2, 1, 1))[0]
    return _filled(random.choice(kind), random)


def paragraph(random: Random) -> str:
    """Two to four sentences as HTML."""
    return " ".join(sentence(random) for _ in range(random.randint(2, 4)))


def quoted(random: Random) -> str:
    """Two or three sentences that are rich in curly marks and hold no straight ones: what damage is made of."""
    first = _filled(random.choice(_CURLY), random)
    return " ".join([first, _filled(random.choice(_PLAIN[:5]), random), _filled(random.choice(_CURLY), random)])


def short(random: Random) -> str:
    """A plain sentence without markup, for list items, cells and captions."""
    return _filled(random.choice(_PLAIN), random)


def title(random: Random) -> str:
    """A headline."""
    text = _filled(random.choice(_TITLES), random)
    return text[0].upper() + text[1:]


def comment(random: Random) -> str:
    """What a reader writes: one or two sentences."""
    return " ".join(_filled(random.choice(_COMMENTS), random) for _ in range(random.randint(1, 2)))
