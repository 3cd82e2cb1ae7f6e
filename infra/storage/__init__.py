"""What every table needs: columns, codecs, pages, migrations, and who reaches which row."""
