"""`python -m webmap` is `webmap`."""

from webmap.cli import main

if __name__ == "__main__":  # processes that help with heavy work read this file too
    main()
