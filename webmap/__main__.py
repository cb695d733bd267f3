"""`python -m webmap` is `webmap`."""

from webmap.cli import main

main()
