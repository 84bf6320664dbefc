// SPDX-License-Identifier: Apache-2.0
// Who may do what: every row of src/api/routes.c, for every kind of asker, and where a parley is concerned for every
// kind of parley. Three digits are the status of the answer. The asker's token lacks every scope but `push` (wrong), or has all.

export const ROLES = [
  "none", // no token
  "app", // a token without a member
  "wrong", // a member's token without the scope
  "other", // a member who has nothing to do with the author
  "follower", // follows the author
  "named", // is mentioned in every parley
  "limited",
  "frozen",
  "suspended", // their tokens ended with the suspension
  "moderator",
  "author",
] as const;
export type Role = (typeof ROLES)[number];

export const VISIBILITIES = ["public", "unlisted", "private", "direct", "held", "removed"] as const;
export type Visibility = (typeof VISIBILITIES)[number];
export type Grid = Record<Visibility, string>;

//                     none app wrong other foll named limit froz susp mod author
const ANYBODY = "      200 200  200   200   200  200   200   200  401  200  200";
const ANYBODY_READS = "200 200  403   200   200  200   200   200  401  200  200";
const MEMBER = "       401 401  200   200   200  200   200   200  401  200  200";
const MEMBER_READS = " 401 401  403   200   200  200   200   200  401  200  200";
const MEMBER_WRITES = "401 401  403   200   200  200   200   403  401  200  200";
const REFUSED = "      401 401  403   422   422  422   422   403  401  422  422";
const NOBODYS = "      401 401  403   404   404  404   404   403  401  404  404";
const NOBODY_READS = " 401 401  403   404   404  404   404   404  401  404  404"; // another's list, filter ...
const AUTHOR_READS = " 401 401  403   404   404  404   404   404  401  404  200";
const AUTHOR_WRITES = "401 401  403   404   404  404   404   403  401  404  200";

/** Rows that are about no parley. */
export const plain: Record<string, string> = {
  "GET /health": ANYBODY,
  "GET /ready": ANYBODY,
  // From this address, with whatever token.
  "GET /metrics": "200 200  200   200   200  200   200   200  200  200  200",
  "GET /api/v1/streaming/health": ANYBODY,
  // Without the handshake of a WebSocket there is nothing to see.
  "GET /api/v1/streaming": "                              401 401  400   400   400  400   400   400  401  400  400",
  "GET /api/v1/streaming/:stream": MEMBER_READS,
  "GET /api/v1/streaming/:stream/:part": MEMBER_READS,
  "GET /api/v1/custom_emojis": ANYBODY,
  "GET /api/v1/announcements": MEMBER,
  "GET /api/v1/profile": MEMBER_READS,
  "PATCH /api/v1/profile": MEMBER_WRITES,
  "GET /api/v1/accounts/:id/identity_proofs": MEMBER_READS,
  "GET /api/v1_alpha/async_refreshes/:id": "                 401 401  404   404   404  404   404   404  401  404  404",
  "GET /api/proofs": "                                       404 404  404   404   404  404   404   404  401  404  404",
  "GET /api/v2_alpha/notifications": MEMBER_READS,
  "GET /api/v2_alpha/notifications/unread_count": MEMBER_READS,
  "GET /api/v2_alpha/notifications/:group_key": AUTHOR_READS,
  "POST /api/v2_alpha/notifications/:group_key/dismiss": AUTHOR_WRITES,
  "POST /api/v1/announcements/:id/dismiss": MEMBER_WRITES,
  "PUT /api/v1/announcements/:id/reactions/:name": MEMBER_WRITES,
  "DELETE /api/v1/announcements/:id/reactions/:name": MEMBER_WRITES,
  "GET /api/v2/suggestions": MEMBER_READS,
  "GET /api/v1/suggestions": MEMBER_READS,
  "DELETE /api/v1/suggestions/:id": NOBODYS,
  "GET /api/v1/directory": ANYBODY,
  // None was written.
  "GET /api/v1/instance/terms_of_service": "             404 404  404   404   404  404   404   404  401  404  404",
  "GET /api/v1/instance/terms_of_service/:date": "       404 404  404   404   404  404   404   404  401  404  404",
  "GET /api/v1/trends": ANYBODY,
  "GET /api/v1/trends/tags": ANYBODY,
  "GET /api/v1/trends/statuses": ANYBODY,
  "GET /api/v1/trends/links": ANYBODY,
  // No such link trends.
  "GET /api/v1/timelines/link": "                        404 404  403   404   404  404   404   404  401  404  404",
  "GET /api/v1/lists": MEMBER_READS,
  "POST /api/v1/lists": MEMBER_WRITES,
  "GET /api/v1/lists/:id": NOBODY_READS,
  "PUT /api/v1/lists/:id": NOBODYS,
  "DELETE /api/v1/lists/:id": NOBODYS,
  "GET /api/v1/lists/:id/accounts": NOBODY_READS,
  "POST /api/v1/lists/:id/accounts": NOBODYS,
  "DELETE /api/v1/lists/:id/accounts": NOBODYS,
  "GET /api/v1/accounts/:id/lists": MEMBER_READS,
  "GET /api/v1/timelines/list/:id": NOBODY_READS,
  "GET /api/v1/filters": MEMBER_READS,
  "POST /api/v1/filters": MEMBER_WRITES,
  "GET /api/v1/filters/:id": NOBODY_READS,
  "PUT /api/v1/filters/:id": NOBODYS,
  "DELETE /api/v1/filters/:id": NOBODYS,
  "POST /api/v2/filters": MEMBER_WRITES,
  "GET /api/v2/filters/:id": NOBODY_READS,
  "PUT /api/v2/filters/:id": NOBODYS,
  "DELETE /api/v2/filters/:id": NOBODYS,
  "GET /api/v2/filters/:id/keywords": NOBODY_READS,
  "POST /api/v2/filters/:id/keywords": NOBODYS,
  "GET /api/v2/filters/:id/statuses": NOBODY_READS,
  "POST /api/v2/filters/:id/statuses": NOBODYS,
  "GET /api/v2/filters/keywords/:id": NOBODY_READS,
  "PUT /api/v2/filters/keywords/:id": NOBODYS,
  "DELETE /api/v2/filters/keywords/:id": NOBODYS,
  "GET /api/v2/filters/statuses/:id": NOBODY_READS,
  "DELETE /api/v2/filters/statuses/:id": NOBODYS,
  "GET /api/v2/filters": MEMBER_READS,
  "GET /api/v1/followed_tags": MEMBER_READS,
  "GET /api/v1/conversations": MEMBER_READS,
  "POST /api/v1/conversations/:id/read": AUTHOR_WRITES,
  "DELETE /api/v1/conversations/:id": AUTHOR_WRITES,
  "GET /api/v1/scheduled_statuses": MEMBER_READS,
  "GET /api/v1/scheduled_statuses/:id": AUTHOR_READS,
  "PUT /api/v1/scheduled_statuses/:id": AUTHOR_WRITES,
  "DELETE /api/v1/scheduled_statuses/:id": AUTHOR_WRITES,
  "GET /api/parley/v1/drafts": MEMBER_READS,
  "POST /api/parley/v1/drafts": MEMBER_WRITES,
  "GET /api/parley/v1/drafts/:id": AUTHOR_READS,
  "PUT /api/parley/v1/drafts/:id": AUTHOR_WRITES,
  "DELETE /api/parley/v1/drafts/:id": AUTHOR_WRITES,
  "GET /api/parley/v1/export/following_accounts.csv": MEMBER_READS,
  "GET /api/parley/v1/export/muted_accounts.csv": MEMBER_READS,
  "GET /api/parley/v1/export/blocked_accounts.csv": MEMBER_READS,
  "GET /api/parley/v1/export/blocked_domains.csv": MEMBER_READS,
  "GET /api/parley/v1/export/bookmarks.csv": MEMBER_READS,
  "GET /api/parley/v1/export/lists.csv": MEMBER_READS,
  "GET /api/parley/v1/archives": MEMBER_READS,
  "POST /api/parley/v1/archives": "401 401 403 200 200 200 200 200 401 200 200",
  "GET /api/parley/v1/archives/:id": NOBODY_READS,
  "GET /api/parley/v1/archives/:id/file": NOBODY_READS,
  "DELETE /api/parley/v1/archives/:id": "401 401 403 404 404 404 404 404 401 404 404",
  "GET /api/parley/v1/moves": MEMBER_READS,
  "PUT /api/parley/v1/moves": MEMBER_WRITES,
  "GET /api/parley/v1/accounts/:id/moves": ANYBODY_READS,
  "GET /api/parley/v1/imports": MEMBER_READS,
  "GET /api/parley/v1/imports/:id": NOBODY_READS,
  "DELETE /api/parley/v1/imports/:id": NOBODYS,
  "POST /api/parley/v1/imports/archive": "401 401 403 422 422 422 422 403 401 422 422",
  "POST /api/parley/v1/imports/:id/undo": NOBODYS,
  "POST /api/parley/v1/imports": "401 401 403 422 422 422 422 403 401 422 422",
  "GET /api/v1/endorsements": MEMBER_READS,
  // of whom one does not follow
  "POST /api/v1/accounts/:id/endorse": REFUSED,
  "POST /api/v1/accounts/:id/pin": REFUSED,
  "POST /api/v1/accounts/:id/unendorse": MEMBER_WRITES,
  "POST /api/v1/accounts/:id/unpin": MEMBER_WRITES,
  "GET /api/v1/accounts/:id/endorsements": ANYBODY_READS,
  "GET /api/v1/featured_tags": MEMBER_READS,
  "POST /api/v1/featured_tags": MEMBER_WRITES,
  "GET /api/v1/featured_tags/suggestions": MEMBER_READS,
  "DELETE /api/v1/featured_tags/:id": NOBODYS,
  "GET /api/v1/accounts/:id/featured_tags": ANYBODY_READS,
  "POST /api/v1/tags/:name/follow": MEMBER_WRITES,
  "POST /api/v1/tags/:name/unfollow": MEMBER_WRITES,
  "POST /api/v1/tags/:name/feature": MEMBER_WRITES,
  "POST /api/v1/tags/:name/unfeature": MEMBER_WRITES,
  "GET /api/v1/domain_blocks": MEMBER_READS,
  "GET /api/v1/domain_blocks/preview": MEMBER_READS,
  "POST /api/v1/domain_blocks": MEMBER_WRITES,
  "DELETE /api/v1/domain_blocks": MEMBER_WRITES,
  "GET /api/v1/accounts/relationships": MEMBER_READS,
  "GET /api/v1/accounts/familiar_followers": MEMBER_READS,
  "GET /api/v1/accounts/search": MEMBER_READS,
  "GET /api/v1/accounts/:id/followers": ANYBODY_READS,
  "GET /api/v1/accounts/:id/following": ANYBODY_READS,
  "POST /api/v1/accounts/:id/follow": MEMBER_WRITES,
  "POST /api/v1/accounts/:id/unfollow": MEMBER_WRITES,
  "POST /api/v1/accounts/:id/remove_from_followers": MEMBER_WRITES,
  "POST /api/v1/accounts/:id/block": MEMBER_WRITES,
  "POST /api/v1/accounts/:id/unblock": MEMBER_WRITES,
  "POST /api/v1/accounts/:id/mute": MEMBER_WRITES,
  "POST /api/v1/accounts/:id/unmute": MEMBER_WRITES,
  "POST /api/v1/accounts/:id/note": MEMBER_WRITES,
  "GET /api/v1/blocks": MEMBER_READS,
  "GET /api/v1/mutes": MEMBER_READS,
  "GET /api/v1/follow_requests": MEMBER_READS,
  "POST /api/v1/follow_requests/:account_id/authorize": NOBODYS,
  "POST /api/v1/follow_requests/:account_id/reject": NOBODYS,
  "GET /api/v1/notifications/unread_count": MEMBER_READS,
  "GET /api/v1/notifications/:id": AUTHOR_READS,
  "POST /api/v1/notifications/:id/dismiss": AUTHOR_WRITES,
  "POST /api/v1/notifications/dismiss": NOBODYS,
  "POST /api/v1/notifications/clear": MEMBER_WRITES,
  "GET /api/v2/notifications": MEMBER_READS,
  "GET /api/v2/notifications/unread_count": MEMBER_READS,
  "GET /api/v2/notifications/policy": MEMBER_READS,
  "PATCH /api/v2/notifications/policy": MEMBER_WRITES,
  "GET /api/v2/notifications/:group_key": AUTHOR_READS,
  "GET /api/v2/notifications/:group_key/accounts": AUTHOR_READS,
  "POST /api/v2/notifications/:group_key/dismiss": AUTHOR_WRITES,
  "GET /api/v1/notifications/policy": MEMBER_READS,
  "PUT /api/v1/notifications/policy": MEMBER_WRITES,
  "GET /api/v1/notifications/requests": MEMBER_READS,
  "GET /api/v1/notifications/requests/merged": MEMBER_READS,
  "POST /api/v1/notifications/requests/accept": MEMBER_WRITES,
  "POST /api/v1/notifications/requests/dismiss": MEMBER_WRITES,
  "GET /api/v1/notifications/requests/:id": AUTHOR_READS,
  "POST /api/v1/notifications/requests/:id/dismiss": AUTHOR_WRITES,
  // last: whom one accepted never waits again
  "POST /api/v1/notifications/requests/:id/accept": AUTHOR_WRITES,
  "GET /api/v1/markers": MEMBER_READS,
  // The token without other scopes has this one; whoever has none yet has nothing to read.
  //                                                      none app wrong other foll named limit froz susp mod author
  "POST /api/v1/push/subscription": "                     401 401  200   200   200  200   200   403  401  200  200",
  "GET /api/v1/push/subscription": "                      401 401  200   200   200  200   200   404  401  200  200",
  "PUT /api/v1/push/subscription": "                      401 401  200   200   200  200   200   403  401  200  200",
  "DELETE /api/v1/push/subscription": "                   401 401  200   200   200  200   200   403  401  200  200",
  "POST /api/v1/markers": MEMBER_WRITES,
  "POST /api/v1/reports": MEMBER_WRITES,
  "POST /api/v1/statuses": MEMBER_WRITES,
  "GET /api/v1/tags/:name": ANYBODY,
  "POST /api/v1/apps": ANYBODY,
  //                                                      none app wrong other foll named limit froz susp mod author
  "GET /api/v1/apps/verify_credentials": "                401 200  200   200   200  200   200   200  401  200  200",
  "POST /oauth/token": ANYBODY,
  "POST /oauth/revoke": ANYBODY,
  "GET /oauth/userinfo": MEMBER_READS,
  "POST /oauth/userinfo": MEMBER_READS,
  "GET /.well-known/oauth-authorization-server": ANYBODY,
  "GET /.well-known/host-meta": ANYBODY,
  "GET /.well-known/nodeinfo": ANYBODY,
  "GET /nodeinfo/2.0": ANYBODY,
  "GET /api/oembed": ANYBODY,
  "GET /api/v1/instance": ANYBODY,
  "GET /api/v2/instance": ANYBODY,
  "GET /api/v1/instance/rules": ANYBODY,
  "GET /api/v1/instance/extended_description": ANYBODY,
  "GET /api/v1/instance/privacy_policy": ANYBODY,
  "GET /api/v1/instance/languages": ANYBODY,
  "GET /api/v1/instance/translation_languages": ANYBODY,
  "GET /api/v1/instance/peers": ANYBODY,
  "GET /api/v1/instance/activity": ANYBODY,
  "GET /api/v1/instance/domain_blocks": ANYBODY,
  "POST /api/v2/media": MEMBER_WRITES,
  "POST /api/v1/media": MEMBER_WRITES,
  "GET /api/v1/media/:id": AUTHOR_READS,
  "PUT /api/v1/media/:id": AUTHOR_WRITES,
  "DELETE /api/v1/media/:id": AUTHOR_WRITES,
  "GET /media/header.png": ANYBODY,
  "GET /media/avatar/:file": ANYBODY,
  "GET /media/:folder/:file": ANYBODY,
  // Without a token it is a page, and asks to sign in.
  "GET /withheld/:id/:file": "                               303 401  403   404   404  404   404   404  401  404  404",
  "GET /api/v1/preferences": MEMBER_READS,
  // An app may ask for the mail anew; whoever is confirmed may not.
  "POST /api/v1/emails/confirmations": "                  401 401  403   403   403  403   403   403  401  403  403",
  "DELETE /api/v1/profile/avatar": MEMBER_WRITES,
  "DELETE /api/v1/profile/header": MEMBER_WRITES,
  // Sign-up is for apps; members are members already.
  "POST /api/v1/accounts": "                              401 200  403   403   403  403   403   403  401  403  403",
  "GET /api/v1/accounts": ANYBODY_READS,
  "GET /api/v1/accounts/lookup": ANYBODY_READS,
  "GET /api/v1/accounts/verify_credentials": MEMBER_READS,
  "PATCH /api/v1/accounts/update_credentials": MEMBER_WRITES,
  "GET /api/v1/accounts/:id": ANYBODY_READS,
};

const READS: Grid = {
  //         none app wrong other foll named limit froz susp mod author
  public: "  200 200  403   200   200  200   200   200  401  200  200",
  unlisted: "200 200  403   200   200  200   200   200  401  200  200",
  private: " 404 404  403   404   200  200   404   404  401  404  200",
  direct: "  404 404  403   404   404  200   404   404  401  404  200",
  held: "    404 404  403   404   404  404   404   404  401  200  200",
  removed: " 404 404  403   404   404  404   404   404  401  200  404",
};
const ACTS: Grid = {
  public: "  401 401  403   200   200  200   200   403  401  200  200",
  unlisted: "401 401  403   200   200  200   200   403  401  200  200",
  private: " 401 401  403   404   200  200   404   403  401  404  200",
  direct: "  401 401  403   404   404  200   404   403  401  404  200",
  held: "    401 401  403   404   404  404   404   403  401  200  200",
  removed: " 401 401  403   404   404  404   404   403  401  200  404",
};
const ECHOES: Grid = {
  ...ACTS,
  private: " 401 401  403   404   403  403   404   403  401  404  200",
  direct: "  401 401  403   404   404  403   404   403  401  404  403",
  held: "    401 401  403   404   404  404   404   403  401  403  403",
  removed: " 401 401  403   404   404  404   404   403  401  403  404",
};
const OWNS: Grid = {
  public: "  401 401  403   403   403  403   403   403  401  403  200",
  unlisted: "401 401  403   403   403  403   403   403  401  403  200",
  private: " 401 401  403   404   403  403   404   403  401  404  200",
  direct: "  401 401  403   404   404  403   404   403  401  404  200",
  held: "    401 401  403   404   404  404   404   403  401  403  200",
  removed: " 401 401  403   404   404  404   404   403  401  403  404",
};
const PINS: Grid = {
  public: "  401 401  403   422   422  422   422   403  401  422  200",
  unlisted: "401 401  403   422   422  422   422   403  401  422  200",
  private: " 401 401  403   404   422  422   404   403  401  404  200",
  direct: "  401 401  403   404   404  422   404   403  401  404  422",
  held: "    401 401  403   404   404  404   404   403  401  422  200",
  removed: " 401 401  403   404   404  404   404   403  401  422  404",
};

const REVOKES = Object.fromEntries(
  Object.entries(OWNS).map(([kind, codes]) => [kind, codes.replace(/200$/, "404")]),
) as Grid;
// Nobody votes in a poll of their own, and nobody in what is held.
const VOTES: Grid = {
  //         none app wrong other foll named limit froz susp mod author
  public: "  401 401  403   200   200  200   200   403  401  200  422",
  unlisted: "401 401  403   200   200  200   200   403  401  200  422",
  private: " 401 401  403   404   200  200   404   403  401  404  422",
  direct: "  401 401  403   404   404  200   404   403  401  404  422",
  held: "    401 401  403   404   404  404   404   403  401  403  422",
  removed: " 401 401  403   404   404  404   404   403  401  403  404",
};

/** Rows that are about one parley. */
export const byStatus: Record<string, Grid> = {
  // No service is configured: test/api/translate.test.ts has one.
  "POST /api/v1/statuses/:id/translate": {
    public: NOBODY_READS,
    unlisted: NOBODY_READS,
    private: NOBODY_READS,
    direct: NOBODY_READS,
    held: NOBODY_READS,
    removed: NOBODY_READS,
  },
  "GET /api/v1/statuses/:id": READS,
  "GET /api/v1/statuses/:id/context": READS,
  "GET /api/v1/statuses/:id/history": READS,
  "GET /api/v1/statuses/:id/source": READS,
  "GET /api/v1/statuses/:id/favourited_by": READS,
  "GET /api/v1/statuses/:id/reblogged_by": READS,
  "POST /api/v1/statuses/:id/favourite": ACTS,
  "POST /api/v1/statuses/:id/unfavourite": ACTS,
  "POST /api/v1/statuses/:id/bookmark": ACTS,
  "POST /api/v1/statuses/:id/unbookmark": ACTS,
  "POST /api/v1/statuses/:id/mute": ACTS,
  "POST /api/v1/statuses/:id/unmute": ACTS,
  "POST /api/v1/statuses/:id/reblog": ECHOES,
  "POST /api/v1/statuses/:id/unreblog": ACTS,
  "POST /api/v1/statuses/:id/pin": PINS,
  // Taking back what was never there changes nothing.
  "POST /api/v1/statuses/:id/unpin": ACTS,
  // What is held stays as it is until it is judged.
  "PUT /api/v1/statuses/:id": { ...OWNS, held: "401 401  403   404   404  404   404   403  401  403  403" },
  "DELETE /api/v1/statuses/:id": OWNS,
  "GET /api/v1/statuses/:id/card": READS,
  "GET /api/v1/statuses/:id/quotes": READS,
  "PUT /api/v1/statuses/:id/interaction_policy": OWNS,
  // of a quote that is not one
  "POST /api/v1/statuses/:id/quotes/:quoting_id/revoke": REVOKES,
  "GET /api/v1/polls/:id": READS,
  "POST /api/v1/polls/:id/votes": VOTES,
};

/** Rows that are lists of parleys: which of the six each asker is shown, or the status of a refusal. */
export const lists: Record<string, Record<Role, string>> = {};

const NOTHING = {
  none: "401",
  app: "401",
  wrong: "403",
  other: "",
  follower: "",
  named: "",
  limited: "",
  frozen: "",
  suspended: "401",
  moderator: "",
  author: "",
} satisfies Record<Role, string>;
const OPEN = "public";
const BY_ID = "public unlisted";
const EVERYBODY = { ...NOTHING, none: OPEN, app: OPEN, other: OPEN, follower: OPEN, named: OPEN, limited: OPEN };
const LISTED = { ...EVERYBODY, frozen: OPEN, moderator: OPEN, author: OPEN };
const ASKED = {
  ...NOTHING,
  none: BY_ID,
  app: BY_ID,
  other: BY_ID,
  follower: "public unlisted private",
  named: "public unlisted private direct",
  limited: BY_ID,
  frozen: BY_ID,
  moderator: "public unlisted held removed",
  author: "public unlisted private direct held",
};
lists["GET /api/v1/timelines/public"] = LISTED;
lists["GET /api/v1/timelines/tag/:hashtag"] = LISTED;
lists["GET /api/v1/statuses"] = ASKED;
lists["GET /api/v1/accounts/:id/statuses"] = ASKED;
// Of what they marked while they could see it; `other` marked nothing.
lists["GET /api/v1/favourites"] = { ...ASKED, none: "401", app: "401", other: "" };
lists["GET /api/v1/bookmarks"] = lists["GET /api/v1/favourites"];
lists["GET /api/v1/timelines/home"] = {
  ...NOTHING,
  follower: "public unlisted private",
  author: "public unlisted private direct held",
};
lists["GET /api/v1/timelines/direct"] = { ...NOTHING, named: "direct", author: "direct" };
lists["GET /api/v1/notifications"] = {
  ...NOTHING,
  named: "public unlisted private direct",
  author: "public unlisted private direct held",
};
// What is listed, and for members what they wrote, marked or were named in and still see.
lists["GET /api/v2/search"] = { ...ASKED, none: OPEN, app: OPEN, other: OPEN, moderator: BY_ID };
lists["GET /api/v1/search"] = lists["GET /api/v2/search"];
