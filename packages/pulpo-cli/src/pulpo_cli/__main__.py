"""`python -m pulpo_cli` is `pulpo`."""

from pulpo_cli.main import main

main()
