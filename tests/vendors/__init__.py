"""Transport, kit and each vendor's own oddities, over real sockets."""
