"""Booking a visit: a panel beside the schedule or the found times, from the patient's name to the vendor's word.

It follows the booking's job until the vendor has confirmed it and never says "booked" before. No page of its own.
"""
