#!/usr/bin/env bash
# Installs what the WordPress test bed runs on: Debian's WordPress, its stock themes, PHP and MariaDB's bare server.
set -euo pipefail
exec "$(dirname "$0")/../install.sh" \
  wordpress wordpress-theme-twentytwentyone wordpress-theme-twentytwentytwo wordpress-theme-twentytwentythree \
  mariadb-server-core mariadb-client \
  php-cli php-mysql php-xml php-mbstring php-gd php-curl php-intl
