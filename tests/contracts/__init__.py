"""What every vendor must do, as classes that each vendor subclasses and runs against its own simulator."""
