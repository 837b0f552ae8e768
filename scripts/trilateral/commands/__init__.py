"""Commands: what each verb prints. They call the stages and hold no logic of their own."""
