use super::*;

fn parse(text: &str) -> CliResult<Config> {
    parse_in(None, text)
}

fn parse_in(environment: Option<&str>, text: &str) -> CliResult<Config> {
    let lookup = |name: &str| Ok((name == "SET").then(|| "value".to_string()));
    Config::parse(
        Path::new("aludel.toml"),
        Path::new("."),
        text.into(),
        environment,
        &lookup,
    )
}

fn error(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn an_empty_file_is_all_defaults() {
    let config = parse("").unwrap();
    assert!(config.script_location.is_none());
    let options = config.autogenerate.options;
    assert!(options.compare_type && options.compare_server_default && options.kinds.is_empty());
    assert!(!config.autogenerate.empty_revision);
}

#[test]
fn unknown_keys_are_refused_with_their_line_and_the_nearest_key() {
    let error = parse("url = 'sqlite:a'\nscrip_location = 'm'\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "aludel.toml:2: there is no key `scrip_location`"
    );
    let CliError::Config { meant, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(meant.as_deref(), Some("`script_location`"));
    let error = parse("[autogenerate]\nzzzzzzz = 1\n").unwrap_err();
    assert!(
        matches!(
            error,
            CliError::Config {
                line: 2,
                meant: None,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn wrong_values_are_refused_with_their_line() {
    assert!(error("\nurl = 5").starts_with("aludel.toml:2: invalid type: integer `5`"));
    assert!(error("format = 'xml'").contains("unknown variant `xml`, expected `rust` or `sql`"));
    assert_eq!(
        error("version_locations = []"),
        "aludel.toml:1: `version_locations` names no folder"
    );
    assert!(error("truncate_slug_length = -1").starts_with("aludel.toml:1: "));
    assert!(error("truncate_slug_length = 0").contains("at least 1"));
    assert!(error("url = 'a'\nurl = 'b'").starts_with("aludel.toml:2: "));
}

#[test]
fn variables_are_filled_in() {
    let fill = |text: &str| {
        parse(&format!("timezone = '{text}'")).map(|it| it.timezone.unwrap().into_inner())
    };
    assert_eq!(fill("a${SET}b${SET}").unwrap(), "avaluebvalue");
    assert_eq!(fill("$${SET} $ $5 {x}").unwrap(), "${SET} $ $5 {x}");
    assert_eq!(
        fill("${UNSET}").unwrap_err().to_string(),
        "UNSET is not set"
    );
    assert!(
        fill("${SET")
            .unwrap_err()
            .to_string()
            .contains("without its `}`")
    );
    assert!(
        fill("${}")
            .unwrap_err()
            .to_string()
            .contains("not the name")
    );
}

#[test]
fn the_url_is_filled_in_when_it_is_asked_for() {
    let config = parse("\nurl = '${UNSET}'").unwrap();
    let error = config.url(&|_| Ok(None)).unwrap_err();
    assert!(
        matches!(
            error,
            CliError::Variable {
                line: 2,
                url: true,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(config.url(&|_| Ok(Some("x".into()))).unwrap(), "x");
}

#[test]
fn an_environment_lies_over_the_rest() {
    let text = "
url = 'sqlite:a'
version_table = 'v'
timezone = '${UNSET}'
[autogenerate]
compare_type = false
exclude_tables = ['x', 'y']
[environments.dev]
url = 'sqlite:b'
timezone = 'UTC'
script_location = 'dev'
autogenerate.exclude_tables = ['z']
[environments.test]
";
    let config = parse_in(Some("dev"), text).unwrap();
    assert_eq!(config.url(&|_| Ok(None)).unwrap(), "sqlite:b");
    assert_eq!(config.version_table.as_deref(), Some("v"));
    assert_eq!(config.script_location, Some(Path::new("./dev").into()));
    let options = config.autogenerate.options;
    assert!(!options.compare_type);
    assert_eq!(options.exclude_tables, ["z".parse().unwrap()]);
    // A variable is asked for where its value counts, and not elsewhere.
    for environment in [None, Some("test")] {
        let error = parse_in(environment, text).unwrap_err().to_string();
        assert_eq!(error, "UNSET is not set");
    }
    let error = parse_in(Some("prod"), text).unwrap_err();
    let CliError::Environment { known, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(known, ["dev", "test"]);
}

#[test]
fn an_environment_knows_the_same_keys_and_no_environments() {
    assert_eq!(
        error("[environments.dev]\nurll = ''"),
        "aludel.toml:2: there is no key `urll`"
    );
    let nested = error("[environments.dev]\nurl = ''\n[environments.dev.environments.x]");
    assert!(
        nested.contains("there is no key `environments`"),
        "{nested}"
    );
}

#[test]
fn patterns_and_switches_are_read_with_their_lines() {
    let text = "
[autogenerate]
include_tables = ['${SET}_*', 'billing.*']
views = 'on'
triggers = 'off'
policies = 'declared'
";
    let options = parse(text).unwrap().autogenerate.options;
    let patterns: Vec<String> = options
        .include_tables
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(patterns, ["value_*", "billing.*"]);
    let kinds: Vec<String> = options
        .kinds
        .iter()
        .map(|(kind, on)| format!("{kind} {on:?}"))
        .collect();
    assert_eq!(kinds, ["views On", "triggers Off", "policies Declared"]);
    assert_eq!(
        error("[autogenerate]\nexclude_tables = [\n  'a',\n  'b[',\n]"),
        "aludel.toml:4: `b[` is no pattern: invalid range pattern"
    );
    assert_eq!(
        error("autogenerate.exclude_schemas = ['']"),
        "aludel.toml:1: `` is no pattern: it is empty"
    );
    let wrong = parse("\nautogenerate.views = 'declare'").unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "aludel.toml:2: `views` is \"on\", \"off\" or \"declared\", and not \"declare\""
    );
    let CliError::Config { meant, .. } = wrong else {
        panic!("{wrong}")
    };
    assert_eq!(meant.as_deref(), Some("\"declared\""));
    assert_eq!(
        error("[autogenerate]\nview = 'on'"),
        "aludel.toml:2: there is no key `view`"
    );
}

#[test]
fn hooks_are_cut_up_and_filled_in() {
    let text = "
[[post_write_hooks]]
name = 'fmt'
command = \"sqlfmt --as '${SET} x' {path}\"
[[post_write_hooks]]
name = 'add'
command = 'git add'
cwd = 'sub'
";
    let hooks = parse(text).unwrap().post_write_hooks;
    assert_eq!(hooks[0].command, ["sqlfmt", "--as", "value x", "{path}"]);
    assert_eq!(hooks[0].cwd, Path::new("."));
    assert_eq!(hooks[1].cwd, Path::new("./sub"));
    let broken = |command: &str| {
        error(&format!(
            "[[post_write_hooks]]\nname = 'a'\ncommand = \"{command}\""
        ))
    };
    assert_eq!(
        broken("a 'b"),
        "aludel.toml:3: `command`: a `'` is not closed"
    );
    assert_eq!(broken(" "), "aludel.toml:3: `command` names no program");
    assert!(error("[[post_write_hooks]]\nname = 'a'").contains("missing field `command`"));
}

const PAGE: &str = include_str!("../../../../docs/configuration.md");

/// The keys that the reader expects in a table, as it tells of them when it meets another.
fn keys_of(table: &str, prefix: &str) -> Vec<String> {
    let error = toml::from_str::<Root>(&format!("{table}\nzzz = 1")).unwrap_err();
    let (_, expected) = error.message().split_once(", expected").unwrap();
    let keys = expected.split('`').skip(1).step_by(2);
    keys.map(|it| format!("{prefix}{it}")).collect()
}

fn known_keys() -> Vec<String> {
    let mut keys = keys_of("", "");
    keys.extend(keys_of("[autogenerate]", "autogenerate."));
    keys.extend(keys_of("[[post_write_hooks]]", "post_write_hooks."));
    keys.sort();
    keys
}

#[test]
fn the_page_describes_the_keys_that_there_are_and_no_others() {
    let sections: Vec<&str> = PAGE.split("\n### ").skip(1).collect();
    let mut described: Vec<String> = Vec::new();
    for section in sections {
        let name = section.lines().next().unwrap().trim_matches('`');
        let section = section.split("\n## ").next().unwrap();
        assert!(section.contains("\nDefault: "), "{name}: no default");
        let last = name.rsplit('.').next().unwrap();
        let example = section.split("```toml").nth(1).unwrap_or_default();
        assert!(example.contains(last), "{name}: no example");
        described.push(name.to_string());
    }
    described.sort();
    assert_eq!(described, known_keys());
}

#[test]
fn the_examples_on_the_page_can_be_read() {
    let examples = PAGE.split("```toml").skip(1);
    for example in examples {
        let example = example.split("```").next().unwrap();
        let lookup = |_: &str| Ok(Some("value".to_string()));
        let path = Path::new("aludel.toml");
        for environment in [
            None,
            example
                .contains("[environments.staging]")
                .then_some("staging"),
        ] {
            let read = Config::parse(path, Path::new(""), example.into(), environment, &lookup);
            assert!(read.is_ok(), "{example}: {}", read.unwrap_err());
        }
    }
}

#[test]
fn what_init_writes_names_every_key() {
    let text = include_str!("../../templates/aludel.toml");
    let all: String = text
        .lines()
        .map(|line| {
            let key = line
                .strip_prefix("# ")
                .filter(|it| it.contains(" = ") || it.starts_with('['));
            format!("{}\n", key.unwrap_or(line))
        })
        .collect();
    let filled = all.replace("%LOCATION%", "'m'").replace("%FORMAT%", "sql");
    for key in keys_of("", "").iter().chain(&keys_of("[autogenerate]", "")) {
        let is_there =
            |line: &str| line.starts_with(&format!("{key} =")) || line.contains(&format!("[{key}"));
        assert!(filled.lines().any(is_there), "{key}");
    }
    let environment = |name| parse_in(name, &filled.replace("${STAGING_URL}", "sqlite:b"));
    for name in [None, Some("staging")] {
        let config = environment(name).unwrap();
        assert_eq!(config.post_write_hooks.len(), 1);
    }
}
