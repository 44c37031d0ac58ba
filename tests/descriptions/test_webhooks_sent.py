"""Whatever happens in the sandbox, the webhook that tells it is one GitHub could have sent."""

from bot.sandbox.model import ZERO_OID, BranchProtection, RequiredCheck

FILES = {"apps/web.yml": b"image: nginx:1.25\n"}
NAME = "acme/shop"


async def begin(sandbox):
    sandbox.webhook_url = f"{sandbox.url}/nowhere"
    return await sandbox.add_repository(NAME, FILES)


async def open_pull(sandbox, branch="niro/web"):
    await sandbox.commit(NAME, branch, {"apps/web.yml": f"image: nginx:{branch}\n".encode()})
    settings = {"head": branch, "base": "main", "title": "Bump", "body": "Text", "actor": sandbox.app.bot}
    return await sandbox.world.pulls.open(sandbox.repository(NAME), **settings)


def told(sandbox):
    return [(delivery.event, delivery.action) for delivery in sandbox.webhooks.deliveries]


async def test_installations_and_repositories(checked_sandbox):
    repository = await begin(checked_sandbox)
    await checked_sandbox.add_repository("acme/second", FILES)
    installation = checked_sandbox.installation("acme")
    world = checked_sandbox.world
    await world.select(installation, {repository.id})
    await world.suspend(installation)
    await world.unsuspend(installation)
    await world.rename(repository, "store")
    await world.uninstall(installation)
    events = ["created", "suspend", "unsuspend", "deleted"]
    assert {("installation", action) for action in events} <= set(told(checked_sandbox))
    selections = {("installation_repositories", "added"), ("installation_repositories", "removed")}
    assert {*selections, ("repository", "renamed")} <= set(told(checked_sandbox))


async def test_branches(checked_sandbox):
    repository = await begin(checked_sandbox)
    first = await repository.git.branch("main")
    await checked_sandbox.commit(NAME, "other", {"file": b"1"})
    await checked_sandbox.force_push(NAME, "other", first)
    await checked_sandbox.force_push(NAME, "other", ZERO_OID)
    assert told(checked_sandbox).count(("push", None)) == 4


async def test_a_pull_request_from_its_opening_to_its_merge(checked_sandbox):
    repository = await begin(checked_sandbox)
    world, person = checked_sandbox.world, checked_sandbox.person
    pull = await open_pull(checked_sandbox)
    await checked_sandbox.commit(NAME, "niro/web", {"file": b"1"})
    await world.pulls.update(pull, person, title="Bump it", body="More")
    await world.issues.add_labels(pull, ["dependencies"], person)
    await world.issues.remove_label(pull, "dependencies", person)
    await world.issues.assign(pull, [person.login], person)
    await world.issues.request_reviews(pull, [person.login], checked_sandbox.app.bot)
    comment = await world.issues.comment(pull, "/niro help", person)
    await world.issues.edit_comment(pull, comment, "/niro hold", person)
    await world.pulls.close(pull, person)
    await world.pulls.reopen(pull, person)
    repository.allow_auto_merge = True
    world.rules.protect(repository, "main", BranchProtection(required_checks=[RequiredCheck("ci")]))
    await world.merging.enable_auto_merge(pull, person)
    await world.merging.disable_auto_merge(pull, person)
    await checked_sandbox.complete_checks(NAME, pull.head_oid)
    await world.merging.merge(pull, checked_sandbox.app.bot)
    actions = {action for event, action in told(checked_sandbox) if event == "pull_request"}
    assert actions == {
        "opened",
        "synchronize",
        "edited",
        "labeled",
        "unlabeled",
        "assigned",
        "review_requested",
        "closed",
        "reopened",
        "auto_merge_enabled",
        "auto_merge_disabled",
    }
    assert {("issue_comment", "created"), ("issue_comment", "edited")} <= set(told(checked_sandbox))


async def test_checks_and_statuses(checked_sandbox):
    repository = await begin(checked_sandbox)
    head = await repository.git.branch("main")
    await checked_sandbox.complete_checks(NAME, head, ["build"], "failure")
    run = await checked_sandbox.start_check(NAME, head, "test")
    await checked_sandbox.finish_check(NAME, run)
    await checked_sandbox.set_status(NAME, head, "lint", "pending")
    wanted = {("check_run", "created"), ("check_run", "completed"), ("check_suite", "completed"), ("status", None)}
    assert wanted <= set(told(checked_sandbox))


async def test_the_merge_queue(checked_sandbox):
    repository = await begin(checked_sandbox)
    world = checked_sandbox.world
    checks = {"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": "ci"}]}}
    world.rules.add_ruleset(repository, "main", [{"type": "merge_queue", "parameters": {}}, checks])
    for branch, conclusion in (("first", "success"), ("second", "failure")):
        pull = await open_pull(checked_sandbox, branch)
        await checked_sandbox.complete_checks(NAME, pull.head_oid)
        entry = await world.merging.enqueue(pull, checked_sandbox.person)
        await checked_sandbox.complete_checks(NAME, entry.group_oid, conclusion=conclusion)
    events = set(told(checked_sandbox))
    assert {("merge_group", "checks_requested"), ("pull_request", "dequeued"), ("pull_request", "closed")} <= events


async def test_packages(checked_sandbox):
    await begin(checked_sandbox)
    for repository in (NAME, None):
        await checked_sandbox.package_published("acme", "web", "1.26", "sha256:" + "a" * 64, repository)
    assert told(checked_sandbox).count(("registry_package", "published")) == 2


async def test_issues_and_what_is_said_in_them(checked_sandbox):
    repository = await begin(checked_sandbox)
    world, app, person = checked_sandbox.world, checked_sandbox.app.bot, checked_sandbox.person
    issue = await world.issues.open(repository, title="Images", body="- [ ] api", actor=app)
    await checked_sandbox.tick(NAME, issue.number, "[ ]", "[x]", "ann")
    for actor in (app, person):
        comment = await world.issues.comment(issue, "/niro help", actor)
        world.issues.react(comment, "eyes", app)
        await world.issues.edit_comment(issue, comment, "/niro hold", actor)
        await world.issues.delete_comment(issue, comment, actor)
    await world.issues.set_state(issue, "closed", app)
    await world.issues.set_state(issue, "open", person)
    assert [action for event, action in told(checked_sandbox) if event == "issues"] == [
        "opened",
        "edited",
        "closed",
        "reopened",
    ]
    assert told(checked_sandbox).count(("issue_comment", "deleted")) == 2


async def test_a_pull_request_from_a_fork(checked_sandbox):
    await begin(checked_sandbox)
    await checked_sandbox.fork(NAME, "ann")
    await checked_sandbox.push_as_person("ann/shop", "niro/web", {"file": b"1"}, "ann")
    pull = await checked_sandbox.open_pull(NAME, "ann:niro/web", "ann")
    await checked_sandbox.push_as_person("ann/shop", "niro/web", {"file": b"2"}, "ann")
    await checked_sandbox.complete_checks(NAME, pull.head_oid)
    actions = [action for event, action in told(checked_sandbox) if event == "pull_request"]
    assert actions == ["opened", "synchronize"]


async def test_reviews_and_what_is_said_in_them(checked_sandbox):
    await begin(checked_sandbox)
    events = checked_sandbox.installation("acme").events
    events += ["pull_request_review_comment", "pull_request_review_thread"]
    pull = await open_pull(checked_sandbox)
    reviews, file = checked_sandbox.world.reviews, "apps/web.yml"
    for settings in ({}, {"path": file}, {"path": file, "line": 1}):
        await checked_sandbox.review(NAME, pull.number, "Look", "ann", **settings)
    review = await reviews.begin(pull, checked_sandbox.person)
    await reviews.submit(review, checked_sandbox.person, "APPROVE")
    for thread in checked_sandbox.review_threads(NAME, pull.number):
        await checked_sandbox.reply(NAME, thread.comments[0], "Why?", "niro[bot]")
        await reviews.edit_comment(thread.comments[0], "Look here", checked_sandbox.person)
    await checked_sandbox.push_as_person(NAME, "niro/web", {file: b"image: nginx:2\n", "more": b"1\n"})
    for thread in checked_sandbox.review_threads(NAME, pull.number):
        await checked_sandbox.resolve(NAME, thread)
        await checked_sandbox.unresolve(NAME, thread, "ann")
        for comment in list(thread.comments):
            await checked_sandbox.delete_review_comment(NAME, comment)
    heard = {(event, action) for event, action in told(checked_sandbox) if event.startswith("pull_request_review")}
    assert heard == {
        ("pull_request_review", "submitted"),
        *(("pull_request_review_comment", action) for action in ("created", "edited", "deleted")),
        *(("pull_request_review_thread", action) for action in ("resolved", "unresolved")),
    }


async def test_buttons_of_checks_and_another_base(checked_sandbox):
    await begin(checked_sandbox)
    pull, app = await open_pull(checked_sandbox), checked_sandbox.app
    button = {"label": "Explain", "description": "Say why", "identifier": "explain"}
    output = {"title": "t", "summary": "s", "annotations": []}
    run = await checked_sandbox.world.checks.create_run(
        checked_sandbox.repository(NAME),
        app,
        name="niro / policies",
        head_oid=pull.head_oid,
        actor=app.bot,
        conclusion="neutral",
        actions=[button],
        output=output,
    )
    await checked_sandbox.press(NAME, run, "explain", "ann")
    await checked_sandbox.rerequest(NAME, run)
    await checked_sandbox.commit(NAME, "next", {"file": b"1"})
    await checked_sandbox.retarget(NAME, pull.number, "next")
    heard = set(told(checked_sandbox))
    assert {("check_run", "requested_action"), ("check_run", "rerequested"), ("pull_request", "edited")} <= heard


async def test_the_queue_that_evicts_and_begins_anew(checked_sandbox):
    repository = await begin(checked_sandbox)
    world = checked_sandbox.world
    checks = {"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": "ci"}]}}
    entries = []
    for branch in ("first", "second"):
        await checked_sandbox.commit(NAME, branch, {branch: b"1"})
        pull = await checked_sandbox.open_pull(NAME, branch)
        await checked_sandbox.complete_checks(NAME, pull.head_oid)
        entries.append(pull)
    world.rules.add_ruleset(repository, "main", [{"type": "merge_queue", "parameters": {}}, checks])
    first, second = [await world.merging.enqueue(pull, checked_sandbox.app.bot) for pull in entries]
    await checked_sandbox.fail_checks(NAME, first.group_oid)
    await world.merging.dequeue(second.pull, checked_sandbox.app.bot)
    assert told(checked_sandbox).count(("pull_request", "enqueued")) == 2
    assert told(checked_sandbox).count(("pull_request", "dequeued")) == 2
    assert told(checked_sandbox).count(("merge_group", "destroyed")) == 3
