from roadcase.cli import main

main()
