<?php
// Switches the site to the theme and options that stdin names; answers what is now in force.
require getcwd() . '/wp-load.php';
$wanted = json_decode( stream_get_contents( STDIN ), true, 512, JSON_THROW_ON_ERROR );
if ( ! wp_get_theme( $wanted['theme'] )->exists() ) {
	fwrite( STDERR, "the theme {$wanted['theme']} is not installed" );
	exit( 1 );
}
switch_theme( $wanted['theme'] );
foreach ( $wanted['options'] as $name => $value ) {
	update_option( $name, $value );
}
echo wp_json_encode( array( 'theme' => get_stylesheet() ) );
