"""``paper new``: the files of a new chapter, figure, table or dataset, wired into the project.

Each module here plans what is to be created and changed (``plan.Plan``); the plan is carried out whole or not
at all, and never overwrites a file.
"""
