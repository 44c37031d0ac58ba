"""A policy file for each section, with room for one key more: what a test writes there is all that it is about."""

from bot.policies.rules import RULES

# A file of one section with one key more, which stands at the @.
FRAMES = {
    "FileSection": "version: 1\n@\n",
    "LimitsSection": "version: 1\nlimits:\n  @\n",
    "DefaultsSection": "version: 1\ndefaults:\n  @\n",
    "ImageSection": "version: 1\nimages:\n- image: a/b\n  @\n",
    "FilterSection": "version: 1\ndefaults:\n  filter:\n    pattern: x\n    @\n",
    "UpdateSection": "version: 1\ndefaults:\n  update:\n    @\n",
    "PullRequestSection": "version: 1\ngroups:\n  a:\n    @\n",
    "AutoMergeSection": "version: 1\ngroups:\n  a:\n    auto-merge:\n      @\n",
    "WindowSection": "version: 1\ngroups:\n  a:\n    auto-merge:\n      window:\n        days: mon\n        @\n",
    "EnvironmentSection": "version: 1\nenvironments:\n- name: a\n  paths: [b]\n  @\n",
    "PullSecretSection": "version: 1\npull-secrets:\n- registry: ghcr.io\n  name: b\n  @\n",
    "FindingsSection": "version: 1\nfindings:\n  @\n",
    "RulesSection": "version: 1\nfindings:\n  rules:\n    @\n",
    "WaiverSection": "version: 1\nfindings:\n  ignore:\n  - rule: run-as-root\n    reason: b\n    @\n",
    "PromotionSection": "version: 1\npromotions:\n- name: a\n  from: a.b/c\n  to: a.b/d\n  @\n",
    "SignatureSection": (
        "version: 1\npromotions:\n- name: a\n  from: a.b/c\n  to: a.b/d\n"
        "  when: [{component: {equals: a}}]\n  require-signed:\n    identity: a\n    issuer: https://b\n    @\n"
    ),
    "CriterionSection": "version: 1\npromotions:\n- name: a\n  from: a.b/c\n  to: a.b/d\n  when:\n  - @\n",
    **{
        f"{kind.capitalize()}Section": (
            f"version: 1\npromotions:\n- name: a\n  from: a.b/c\n  to: a.b/d\n  when:\n  - {kind}:\n{more}      @\n"
        )
        for kind, more in {
            "tag": "",
            "component": "",
            "vulnerabilities": "      severity: all\n",
            "license": "",
        }.items()
    },
    **{
        f"{''.join(part.capitalize() for part in rule.split('-'))}Section": (
            f"version: 1\nenvironments: [{{name: 'on', paths: [a]}}]\nfindings:\n  rules:\n    {rule}:\n      @\n"
        )
        for rule in (rule.id for rule in RULES)
    },
}


def with_key(section: str, key: str, text: str) -> str:
    """Write a file with one key; where the frame has the key already, the frame's goes."""
    lines = FRAMES[section].replace("@", f"{key}: {text}").splitlines()
    at = [number for number, line in enumerate(lines) if line.lstrip(" -").startswith(f"{key}:")]
    if len(at) > 1:
        written = lines.pop(at[-1])
        bullet = lines[at[0]][: len(lines[at[0]]) - len(lines[at[0]].lstrip(" -"))]
        lines[at[0]] = bullet + written.lstrip()
    return "\n".join(lines)
