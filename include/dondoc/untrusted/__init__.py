"""What people and machines outside hand in: files dropped into folders, mails. Nothing of it is believed."""
