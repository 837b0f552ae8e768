"""Hosts: the rules by which hosts of files give the site as the server does, from one table."""
