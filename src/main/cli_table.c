/* SPDX-License-Identifier: Apache-2.0 */
#include "main/cli.h"

/* Every command of the program. A new one is a row here and, when it asks the server, a row in console.c. */
/* clang-format off */
#define END { NULL, NULL, NULL }

static const struct cli_option init_options[] = {
    { "force", NULL, "write parley.ini anew when there is one" }, END };
static const struct cli_option member_list_options[] = {
    { "which", "WORD", "all, staff, waiting, standing or directory (default all)" },
    { "limit", "N", "at most so many, newest first (default 50, most 500)" },
    { "before", "ID", "go on behind this id" }, END };
static const struct cli_option member_create_options[] = {
    { "email", "ADDRESS", "their e-mail address, taken as confirmed" },
    { "password", "TEXT", "their password; without it one is drawn and shown" },
    { "role", "ROLE", "member, moderator, admin or owner (default member)" }, END };
static const struct cli_option standing_options[] = {
    { "reason", "TEXT", "why; kept in the record and told to whom it concerns" },
    { "until", "WHEN", "ends by itself: 30m, 12h, 7d, or 2027-01-31T12:00:00Z" }, END };
static const struct cli_option reason_options[] = {
    { "reason", "TEXT", "why; kept in the record" }, END };
static const struct cli_option delete_options[] = {
    { "yes", NULL, "you are sure: there is no way back" }, END };
static const struct cli_option second_factor_options[] = {
    { "which", "WORD", "all, passkeys or authenticator (default all)" }, END };
static const struct cli_option report_list_options[] = {
    { "closed", NULL, "those that are closed, instead of the open ones" },
    { "limit", "N", "at most so many (default 50)" }, END };
static const struct cli_option report_close_options[] = {
    { "outcome", "TEXT", "what was done about it" }, END };
static const struct cli_option invite_create_options[] = {
    { "as", "NAME", "the member who invites (default the owner)" },
    { "uses", "N", "how many may use it (default any number)" },
    { "expires", "WHEN", "when it ends: 12h, 7d, or a time (default never)" },
    { "note", "TEXT", "a note for yourself" }, END };
static const struct cli_option invite_options[] = {
    { "as", "NAME", "whose (default the owner's)" }, END };
static const struct cli_option mode_options[] = {
    { "reason", "TEXT", "why, as everybody is shown" },
    { "until", "WHEN", "when it is expected to end: 30m, 2h, or a time" }, END };
static const struct cli_option setting_set_options[] = {
    { "file", "FILE", "take the value from a file; - is standard input" }, END };
static const struct cli_option announcement_options[] = {
    { "starts", "WHEN", "when what it speaks of begins: 12h, 7d, or a time" },
    { "ends", "WHEN", "when it ends, and is not shown any more: 12h, 7d, or a time" },
    { "all-day", NULL, "of these times only the days count" }, END };
static const struct cli_option emoji_options[] = {
    { "category", "TEXT", "under which apps list it" }, END };
static const struct cli_option terms_options[] = {
    { "effective", "DAY", "in force from then on, like 2027-01-31 (default today)" }, END };
static const struct cli_option trends_options[] = {
    { "kind", "KIND", "only these: tag, link, parley or person" }, END };
static const struct cli_option job_list_options[] = {
    { "waiting", NULL, "those that wait for their time, instead of the dead letters" },
    { "limit", "N", "at most so many (default 50)" }, END };

static const struct cli_option media_check_options[] = {
    { "repair", NULL, "remove what nothing uses" }, END };

static const struct cli_option demo_options[] = {
    { "members", "N", "how many people (default 200)" },
    { "parleys", "N", "how many parleys (default 10000)" },
    { "days", "N", "over how many days (default 60)" },
    { "seed", "N", "another community (default 1)" },
    { "only-fill", NULL, "make it and stop, without serving it" }, END };

#define MEMBER_COLUMNS "members: username display_name role standing.kind active statuses created_at id"
#define TREND_WHAT "KIND is tag, link, parley or person; WHAT the tag's name, the link's address, the parley's id, the user name."
#define NAMED "NAME is a user name, with or without @, or an id."

static const struct cli_command commands[] = {
    { "serve", "", NULL, "Run the server until it gets TERM or INT",
      "It makes the folder when there is none, brings the store up to date and says where it can be reached. While there is\n"
      "no owner it prints a link with which the first person becomes owner; a new one each time. TERM drains: running\n"
      "requests end, jobs stay in the table. HUP reads the settings and log_level again.",
      "  parley serve --data /var/lib/parley\n  parley serve --set listen=:8380 --set domain=harbour.example",
      SHOW_RECORD, NULL, cmd_serve },
    { "init", "", init_options, "Make the folder and a commented parley.ini, and print the owner's link",
      "On a terminal it asks for the domain unless --set domain=... says it; it asks nothing else. Every --set is written into\n"
      "the file. Then start the server with 'parley serve'.",
      "  parley init --data /var/lib/parley --set domain=harbour.example --set listen=127.0.0.1:8380",
      SHOW_RECORD, NULL, cmd_init },
    { "version", "", NULL, "Print the version of the program and of the store that it writes", NULL, "  parley version --json",
      SHOW_RECORD, NULL, cmd_version },
    { "info", "", NULL, "How the running server is: figures, memory, queue, jobs, mode", NULL, "  parley info --json",
      SHOW_RECORD, NULL, NULL },

    { "metrics", "", NULL, "Every figure that /metrics has, histograms as count and sum",
      "docs/OPERATING.md says what each is.", "  parley metrics\n  parley metrics --json", SHOW_TABLE,
      "metrics: value name labels", NULL },
    { "config check", "", NULL, "Say whether the configuration is good, and if not: which key, which value, what is allowed, set where",
      NULL, "  parley config check --config /etc/parley.ini", SHOW_RECORD, NULL, cmd_config_check },
    { "config show", "", NULL, "Every key with its value and where it was set",
      "Later wins: default, file, environment (PARLEY_LISTEN), command line (--set listen=...). Passwords are not shown.",
      "  parley config show\n  PARLEY_LISTEN=:80 parley config show", SHOW_RECORD, NULL, cmd_config_show },
    { "config keys", "", NULL, "Every key with its type, default, unit and what it is for", NULL, "  parley config keys --json",
      SHOW_RECORD, NULL, cmd_config_keys },

    { "member list", "", member_list_options, "List members, newest first", NULL,
      "  parley member list --which waiting\n  parley member list --limit 500 --json", SHOW_TABLE, MEMBER_COLUMNS, NULL },
    { "member show", "NAME", NULL, "Show one member", NAMED, "  parley member show anna", SHOW_RECORD, NULL, NULL },
    { "member export", "NAME", NULL, "Make the archive of all that a member wrote, and say where it is",
      "Say it again to see how far it is. The file is kept for 7 days. " NAMED, "  parley member export anna",
      SHOW_SENTENCE, "The archive of @{username} is {state} ({handled} of {total} parleys): {path}", NULL },
    { "member import", "NAME PATH", NULL, "Bring the archive of a member's parleys from Mastodon or X",
      "PATH is the whole path of a ZIP or tar.gz on this machine that the server may read, of 8 GB at most. It goes on in the\n"
      "background; the member sees how far it is, and can take all of it back. " NAMED,
      "  parley member import anna /tmp/twitter-2026-01-31.zip",
      SHOW_SENTENCE, "The import of @{username} is {state}; they see it under Settings, Import and export.", NULL },
    { "member create", "NAME", member_create_options, "Create an account that may sign in at once",
      "No mail is sent. Without --password one is drawn and shown, once.",
      "  parley member create anna --email anna@harbour.example\n  parley member create mo --email mo@harbour.example --role moderator",
      SHOW_SENTENCE, "@{username} may sign in now. Role: {role}.\nPassword: {password}", NULL },
    { "member role", "NAME ROLE", NULL, "Make somebody member, moderator, admin or owner",
      "There is one owner: the former one becomes admin. " NAMED, "  parley member role anna moderator",
      SHOW_SENTENCE, "@{username} is {role} now.", NULL },
    { "member limit", "NAME", standing_options, "Only followers find them: not in public lists, search or notices to strangers",
      NAMED, "  parley member limit anna --reason 'floods the tag page' --until 7d",
      SHOW_SENTENCE, "@{username} is {standing.kind} now.\nUntil {standing.until}.", NULL },
    { "member sensitive", "NAME", standing_options, "What they write stands behind a warning",
      NAMED, "  parley member sensitive anna --reason 'gore without a warning'",
      SHOW_SENTENCE, "@{username} is {standing.kind} now.\nUntil {standing.until}.", NULL },
    { "member freeze", "NAME", standing_options, "They may read but not write, while something is looked into",
      NAMED, "  parley member freeze anna --reason 'is this her?' --until 24h",
      SHOW_SENTENCE, "@{username} is {standing.kind} now.\nUntil {standing.until}.", NULL },
    { "member suspend", "NAME", standing_options, "They may not sign in, and nothing of theirs is shown",
      "Nothing is deleted: 'parley member restore' brings all of it back. " NAMED,
      "  parley member suspend anna --reason 'threatened people'",
      SHOW_SENTENCE, "@{username} is {standing.kind} now.\nUntil {standing.until}.", NULL },
    { "member restore", "NAME", reason_options, "Lift any of these", NAMED,
      "  parley member restore anna --reason 'appeal granted'", SHOW_SENTENCE, "@{username} is {standing.kind} now.", NULL },
    { "member reset-password", "NAME", NULL, "Print a link with which they choose a new password",
      "Give it to nobody else: whoever opens it takes the account. It works once, for two hours. The second factor stays.",
      "  parley member reset-password anna", SHOW_SENTENCE, "Give this to @{username}: {url}", NULL },
    { "member reset-second-factor", "NAME", second_factor_options, "Remove the passkeys and the authenticator of somebody who lost them",
      "Be sure that it is they who ask. They get a mail, sign in with the password alone and set up a new one. After the host\n"
      "of base_url has changed no passkey works any more: --which passkeys leaves the authenticator.",
      "  parley member reset-second-factor anna", SHOW_SENTENCE, "@{username} signs in without it now.", NULL },
    { "member owner-link", "", NULL, "Print a new link with which the first person becomes owner",
      "Only while there is no owner. It works once, for an hour. 'parley serve' prints one at each start.",
      "  parley member owner-link", SHOW_SENTENCE, "Whoever opens this first owns the server: {url}", NULL },
    { "member approve", "NAME", NULL, "Let somebody in who waits for it", NAMED, "  parley member approve anna",
      SHOW_SENTENCE, "@{username} may come in.", NULL },
    { "member reject", "NAME", NULL, "Do not let somebody in who waits for it; what they told is deleted", NAMED,
      "  parley member reject anna", SHOW_SENTENCE, "@{username} is rejected and will be deleted.", NULL },
    { "member delete", "NAME", delete_options, "Delete an account and everything of it, for good",
      "The name stays taken, so that nobody can pose as them. " NAMED, "  parley member delete anna --yes",
      SHOW_SENTENCE, "Everything of @{username} is being deleted.", NULL },

    { "status show", "ID", NULL, "Show one parley, also a held or removed one", NULL, "  parley status show 110234598234",
      SHOW_RECORD, NULL, NULL },
    { "status hold", "ID", standing_options, "Hide it from all but its author and moderators until it is judged", NULL,
      "  parley status hold 110234598234 --reason 'is this his address?'",
      SHOW_SENTENCE, "The parley is {standing.kind} now.\nUntil {standing.until}.", NULL },
    { "status remove", "ID", standing_options, "Take it away from all but moderators", NULL,
      "  parley status remove 110234598234 --reason 'rule 2'",
      SHOW_SENTENCE, "The parley is {standing.kind} now.\nUntil {standing.until}.", NULL },
    { "status sensitive", "ID", standing_options, "Put it behind a warning", NULL,
      "  parley status sensitive 110234598234 --reason 'blood'",
      SHOW_SENTENCE, "The parley is {standing.kind} now.\nUntil {standing.until}.", NULL },
    { "status restore", "ID", reason_options, "Lift any of these", NULL, "  parley status restore 110234598234",
      SHOW_SENTENCE, "The parley is {standing.kind} now.", NULL },

    { "report list", "", report_list_options, "List reports, the open ones unless --closed", NULL, "  parley report list",
      SHOW_TABLE, "reports: id target by category created_at comment", NULL },
    { "report show", "ID", NULL, "Show one report", NULL, "  parley report show 110234598234", SHOW_RECORD, NULL, NULL },
    { "report close", "ID", report_close_options, "Close a report", NULL,
      "  parley report close 110234598234 --outcome 'removed, and told him why'", SHOW_SENTENCE, "Report {id} is closed.", NULL },

    { "invite create", "", invite_create_options, "Make a link by which people may join", NULL,
      "  parley invite create --uses 20 --expires 7d --note 'choir'", SHOW_SENTENCE, "{url}", NULL },
    { "invite list", "", invite_options, "List a member's invitations", NULL, "  parley invite list",
      SHOW_TABLE, "invites: code uses uses_max expires_at note", NULL },
    { "invite revoke", "CODE", NULL, "End an invitation", NULL, "  parley invite revoke Xy12ab", SHOW_SENTENCE,
      "The invitation {code} is gone.", NULL },

    { "mode", "[MODE]", mode_options, "Show the server's mode, or change it",
      "MODE: normal, read-only, moderators-only or sign-ups-paused. All but normal need a --reason, which is shown on every\n"
      "page and in every refusal. A restart keeps the mode. A full disk makes the server read-only by itself.",
      "  parley mode\n  parley mode read-only --reason 'Moving to a new machine' --until 2h\n  parley mode normal",
      SHOW_SENTENCE, "Mode: {mode}.\nReason: {reason}\nExpected end: {until}\nThe disk is full: {disk_full}.", NULL },

    { "setting list", "", NULL, "What the community decided: every setting with its value", NULL, "  parley setting list",
      SHOW_TABLE, "settings: key value allowed", NULL },
    { "setting get", "KEY", NULL, "Print one setting", NULL, "  parley setting get title", SHOW_SENTENCE, "{value}", NULL },
    { "setting set", "KEY [VALUE]", setting_set_options, "Change one setting; it counts at once", NULL,
      "  parley setting set title 'Harbour Town'\n  parley setting set sign_up approval\n  parley setting set about --file about.txt",
      SHOW_SENTENCE, "{key} is set.", NULL },
    { "rules list", "", NULL, "List the rules that people accept when they join", NULL, "  parley rules list",
      SHOW_TABLE, "rules: id text hint", NULL },
    { "rules set", "FILE", NULL, "Replace the rules by those in a file, one a line",
      "A hint may stand behind ' | ' on the same line. Empty lines are left out; - is standard input.",
      "  parley rules set rules.txt\n  echo 'Be kind. | Argue with what was said, not with who said it.' | parley rules set -",
      SHOW_SENTENCE, "{count} rules are in force.", NULL },

    { "announcement add", "TEXT", announcement_options, "Tell everybody something, above their home and in their apps",
      "Web addresses in it become links. Everybody sees it until they dismiss it, or it ends.",
      "  parley announcement add 'The server moves tonight.' --ends 1d\n"
      "  parley announcement add 'Harbour day!' --starts 2027-06-05T00:00:00Z --ends 2027-06-06T00:00:00Z --all-day",
      SHOW_SENTENCE, "Announcement {id} is shown to everybody.", NULL },
    { "announcement list", "", NULL, "List the announcements, also those that ended", NULL, "  parley announcement list",
      SHOW_TABLE, "announcements: id published_at ends_at text", NULL },
    { "announcement edit", "ID [TEXT]", announcement_options, "Change an announcement: what is not said stays", NULL,
      "  parley announcement edit 110234598234 'The server moves tomorrow.'\n  parley announcement edit 110234598234 --ends 2d",
      SHOW_SENTENCE, "Announcement {id} is changed.", NULL },
    { "announcement remove", "ID", NULL, "Take an announcement down", NULL, "  parley announcement remove 110234598234",
      SHOW_SENTENCE, "Announcement {id} is gone.", NULL },

    { "emoji add", "SHORTCODE IMAGE", emoji_options, "Add a picture that stands for :shortcode: wherever members write",
      "A PNG, GIF, WebP, JPEG, AVIF or HEIC file of at most 256 kB; it is made 128 pixels large at most, GIF and WebP may move.\n"
      "- is standard input.",
      "  parley emoji add anchor anchor.png --category Harbour\n  parley emoji add party_crab crab.gif",
      SHOW_SENTENCE, ":{shortcode}: can be used now.", NULL },
    { "emoji list", "", NULL, "List the custom emoji, also the disabled ones", NULL, "  parley emoji list", SHOW_TABLE,
      "emojis: shortcode category enabled moves url", NULL },
    { "emoji disable", "SHORTCODE", NULL, "Show a custom emoji as its text again, without removing it", NULL,
      "  parley emoji disable party_crab", SHOW_SENTENCE, ":{shortcode}: is text again.", NULL },
    { "emoji enable", "SHORTCODE", NULL, "Show a disabled custom emoji again", NULL, "  parley emoji enable party_crab",
      SHOW_SENTENCE, ":{shortcode}: can be used now.", NULL },
    { "emoji remove", "SHORTCODE", NULL, "Remove a custom emoji and its picture", NULL, "  parley emoji remove party_crab",
      SHOW_SENTENCE, ":{shortcode}: is gone.", NULL },

    { "terms list", "", NULL, "List the versions of the terms of service, newest first", NULL, "  parley terms list --json",
      SHOW_TABLE, "terms: effective_date effective written_at text", NULL },
    { "terms set", "FILE", terms_options, "Publish the terms of service that a file holds",
      "What is or was in force stays on record; what is to come can be written anew. - is standard input.",
      "  parley terms set terms.txt\n  parley terms set terms.txt --effective 2027-01-31", SHOW_SENTENCE,
      "The terms of {effective_date} are published.", NULL },
    { "terms remove", "DATE", NULL, "Remove a version that is not in force yet", NULL, "  parley terms remove 2027-01-31",
      SHOW_SENTENCE, "The terms of {effective_date} are gone.", NULL },
    { "trends list", "", trends_options, "List what many talk about, hottest first, with what was said of it",
      "The setting 'trends' says what of it is shown: open (all that is not rejected), reviewed (what is approved) or off.",
      "  parley trends list\n  parley trends list --kind link --json", SHOW_TABLE,
      "trends: kind what by people_today uses_week verdict", NULL },
    { "trends approve", "KIND WHAT", NULL, "Let a tag, link, parley or all parleys of a person be shown as trends",
      TREND_WHAT, "  parley trends approve tag harbourday\n  parley trends approve person anna", SHOW_SENTENCE,
      "{kind} {what} is {verdict}.", NULL },
    { "trends reject", "KIND WHAT", NULL, "Do not show a tag, link, parley or anything of a person as a trend",
      TREND_WHAT, "  parley trends reject tag spam\n  parley trends reject link https://spam.example/offer", SHOW_SENTENCE,
      "{kind} {what} is {verdict}.", NULL },

    { "job list", "", job_list_options, "List the dead letters: jobs that were tried often enough, or refused for good", NULL,
      "  parley job list\n  parley job list --waiting",
      SHOW_TABLE, "list: id kind tries created_at due_at error", NULL },
    { "job retry", "ID", NULL, "Try a job now and from the beginning, a dead letter or one that waits", NULL, "  parley job retry 110234598234",
      SHOW_SENTENCE, "Job {id} is in the queue again.", NULL },

    { "media usage", "", NULL, "Files: how many, what they take, the budget of the disk, what is worked on", NULL,
      "  parley media usage --json", SHOW_RECORD, NULL, NULL },
    { "media trim", "", NULL, "Remove what can be fetched again from the disk until media_cache_mib is kept",
      "The server does it by itself. Least recently asked for goes first; what the object store does not have yet stays.",
      "  parley media trim", SHOW_RECORD, NULL, NULL },
    { "media check", "", media_check_options, "Say whether every file is there, and which nothing uses",
      "Missing is what a row names and neither the disk nor the object store has. An orphan is older than an hour and used\n"
      "by nothing: a kill left it behind.", "  parley media check\n  parley media check --repair", SHOW_RECORD, NULL, NULL },

    { "card forget", "ADDRESS", NULL, "Forget what the page behind a link says of itself, and remove its picture",
      "Parleys that link there show no card within the hour. The page is read again when somebody posts the link an hour later or\n"
      "more; the setting link_cards switches cards off.", "  parley card forget https://example.org/page",
      SHOW_SENTENCE, "The card of {address} is gone.", NULL },
    { "tls show", "", NULL, "The TLS listener: its certificate, until when it is valid, whether a newer one was refused", NULL,
      "  parley tls show\n  parley tls show --json", SHOW_RECORD, NULL, NULL },
    { "tls reload", "", NULL, "Read the certificate again, now",
      "The server looks once a minute by itself. Open connections go on; a certificate that is not good leaves the old one.",
      "  parley tls reload", SHOW_SENTENCE,
      "The certificate for {names} is in use.\nIt is valid until {valid_until}, for {days_left} days.", NULL },

    { "db info", "", NULL, "The store: engine, version, sizes, commits", NULL, "  parley db info --json", SHOW_RECORD, NULL, NULL },
    { "db migrate", "", NULL, "Bring the store up to date without serving",
      "'parley serve' does it, too. Refused while a server runs on the folder.", "  parley db migrate --data /var/lib/parley",
      SHOW_RECORD, NULL, cmd_db_migrate },
    { "db check", "", NULL, "Read the whole store and say whether it is intact",
      "Asks the server when one runs; else it opens the folder itself, as the only one.", "  parley db check", SHOW_RECORD, NULL,
      cmd_db_check },
    { "rebuild", "", NULL, "Make the search index anew; the server serves meanwhile", NULL, "  parley rebuild",
      SHOW_SENTENCE, "The search index is being made anew; 'parley info' says how far it has come.", NULL },

    { "demo", "", demo_options, "Fill a folder of its own with a believable community, and serve it",
      "Default folder: ./demo. What is there is kept: a folder that holds a store is served as it is. It prints an account to\n"
      "sign in with. The same seed gives the same people and the same talk.",
      "  parley demo\n  parley demo --data /tmp/demo --set listen=127.0.0.1:9000 --members 50 --parleys 2000",
      SHOW_RECORD, NULL, cmd_demo },
};
/* clang-format on */

const struct cli_command *cli_command_at(size_t i)
{
    return i < sizeof commands / sizeof commands[0] ? &commands[i] : NULL;
}
