from recognition.client.cli.app import main

main()
