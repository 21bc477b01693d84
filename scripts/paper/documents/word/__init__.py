"""The round trip with a co-author who writes in Word: send the book as DOCX, receive the changes as a patch."""
