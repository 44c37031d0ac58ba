"""`niro check`: findings in the manifests of a folder, and in what a branch changes."""
