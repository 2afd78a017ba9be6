<?php
// The rewrite rules of WordPress' .htaccess, for PHP's built-in server: a file that exists is served, all else is WordPress'.
$root = $_SERVER['DOCUMENT_ROOT'];
// The server itself notes only connections; this goes into its log.
error_log( "asked for {$_SERVER['REQUEST_URI']}", 4 );
$path = rawurldecode( parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) ?? '/' );
if ( '/' !== $path && is_file( $root . $path ) ) {
	return false;
}
$_SERVER['SCRIPT_NAME']     = '/index.php';
$_SERVER['PHP_SELF']        = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = $root . '/index.php';
unset( $_SERVER['PATH_INFO'] );
chdir( $root );
require $root . '/index.php';
