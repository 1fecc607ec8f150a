"""What a case costs us as cases grow from 10,000 to 1,000,000."""
