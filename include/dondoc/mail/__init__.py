"""Mails: composed as bytes, offered to a server one recipient at a time."""
