<?php
// Creates WordPress' tables and first user, as its own installer does.
define( 'WP_INSTALLING', true );
require getcwd() . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install( 'Rare Earth Exchanges', 'admin', 'admin@example.org', true, '', 'admin' );
