"""The one database: connections, transactions, SQL files, migrations."""
