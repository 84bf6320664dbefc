/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "check.h"
#include "net/crowd.h"
#include "net/http.h"
#include "net/params.h"
#include "net/proxy.h"

static struct arena *arena;

static bool is(const struct http_param *p, const char *name, const char *value)
{
    return str_eq(p->name, str_c(name)) && str_eq(p->value, str_c(value));
}

/* "a=1&b[]=2" as one reads it: all parameters joined. */
static struct str joined(const struct http_param *v, size_t n)
{
    struct str all = STR("");
    for (size_t i = 0; i < n; i++)
        all = arena_strf(arena, STR_FMT "%s" STR_FMT "=" STR_FMT, STR_ARG(all), i > 0 ? "&" : "", STR_ARG(v[i].name),
                         STR_ARG(v[i].value));
    return all;
}

static bool query_is(const char *query, const char *expected)
{
    struct http_param *v = NULL;
    size_t n = 0;
    return http_parse_query(arena, str_c(query), &v, &n) && str_eq(joined(v, n), str_c(expected));
}

static bool json_is(const char *body, const char *expected)
{
    struct http_param *v = NULL;
    size_t n = 0;
    return http_parse_json(arena, str_c(body), &v, &n) && str_eq(joined(v, n), str_c(expected));
}

static bool json_fails(const char *body)
{
    struct http_param *v = NULL;
    size_t n = 0;
    return !http_parse_json(arena, str_c(body), &v, &n) && v == NULL && n == 0;
}

static bool query_fails(const char *query)
{
    struct http_param *v = NULL;
    size_t n = 0;
    return !http_parse_query(arena, str_c(query), &v, &n);
}

static struct http_req request(const char *query)
{
    struct http_param *v = NULL;
    size_t n = 0;
    CHECK(http_parse_query(arena, str_c(query), &v, &n));
    return (struct http_req){ .arena = arena, .params = v, .params_n = n };
}

static void queries(void)
{
    CHECK(query_is("", ""));
    CHECK(query_is("a=1&b=&c", "a=1&b=&c="));
    CHECK(query_is("&&=x&a=1&", "a=1"));
    CHECK(query_is("media_ids%5B%5D=1&media_ids[]=2", "media_ids[]=1&media_ids[]=2"));
    CHECK(query_is("poll%5boptions%5d[]=a+b%2B", "poll[options][]=a b+"));
    CHECK(query_is("q=100%&r=%zz&s=%4", "q=100%&r=%zz&s=%4"));
    CHECK(query_is("a=b=c", "a=b=c"));
    CHECK(query_is("q=%C3%A9%F0%9F%90%98", "q=\xC3\xA9\xF0\x9F\x90\x98"));
    CHECK(query_fails("q=%FF"));
    CHECK(query_fails("%C3=1"));
    CHECK(query_fails("q=a%00b"));
    CHECK(query_fails("q=%ED%A0%80")); /* a lone surrogate */
}

static void query_limits(void)
{
    struct str name = STR("");
    for (int i = 0; i < HTTP_PARAM_NAME_MAX; i++)
        name = arena_strf(arena, STR_FMT "n", STR_ARG(name));
    CHECK(!query_fails(arena_strf(arena, STR_FMT "=1", STR_ARG(name)).p));
    CHECK(query_fails(arena_strf(arena, STR_FMT "n=1", STR_ARG(name)).p));
    char many[HTTP_PARAMS_MAX * 4 + 8] = "";
    for (int i = 0; i < HTTP_PARAMS_MAX; i++)
        memcpy(many + (size_t)i * 4, "a=1&", 5);
    CHECK(!query_fails(many));
    memcpy(many + (size_t)HTTP_PARAMS_MAX * 4, "a=1", 4);
    CHECK(query_fails(many));
}

static void percent(void)
{
    CHECK(str_eq(http_percent_encode(arena, STR("a b/\xC3\xA9~-._")), STR("a%20b%2F%C3%A9~-._")));
    CHECK(str_eq(http_percent_decode(arena, STR("a+b%20c"), false), STR("a+b c")));
    CHECK(str_eq(http_percent_decode(arena, STR("%2541"), true), STR("%41"))); /* once */
}

static void json_flattens(void)
{
    CHECK(json_is("{}", "") && json_is("", "") && json_is(" null ", ""));
    CHECK(json_is("{\"poll\":{\"options\":[\"a\",\"b\"],\"multiple\":true}}",
                  "poll[options][]=a&poll[options][]=b&poll[multiple]=true"));
    CHECK(json_is("{\"a\":null,\"b\":false,\"c\":-12,\"d\":1.5,\"e\":\"\"}", "b=false&c=-12&d=1.5&e="));
    CHECK(json_is("{\"f\":[{\"name\":\"x\",\"value\":\"y\"},{\"name\":\"z\"}]}",
                  "f[0][name]=x&f[0][value]=y&f[1][name]=z"));
    CHECK(json_is("{\"f\":{\"0\":{\"name\":\"x\"},\"1\":{\"name\":\"y\"}}}", "f[0][name]=x&f[1][name]=y"));
    CHECK(json_is("{\"media_ids\":[]}", "media_ids[]="));
    CHECK(json_is("{\"m\":[[1,2],3]}", "m[0][]=1&m[0][]=2&m[]=3"));
    CHECK(json_is("{\"a\":0.1,\"b\":1e3,\"c\":-0.30000000000000004}", "a=0.1&b=1000&c=-0.30000000000000004"));
    CHECK(json_is("{\"id\":9223372036854775807}", "id=9223372036854775807"));
    CHECK(json_is("{\"t\":\"\\u00e9 \\\" ] } ,\"}", "t=\xC3\xA9 \" ] } ,"));
    CHECK(json_is("{\"data\":{\"alerts\":{\"admin.report\":true}}}", "data[alerts][admin.report]=true"));
}

static void json_refuses(void)
{
    CHECK(json_fails("{") && json_fails("{\"a\":1}x") && json_fails("[1]") && json_fails("1") && json_fails("\"a\""));
    CHECK(json_fails("{\"a\":\"\xFF\"}") && json_fails("{\"a\":\"\\u0000\"}") && json_fails("{'a':1}"));
    CHECK(json_is("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}",
                  "a[a][a][a][a][a][a][a][a][a][a]=1"));
    char deep[5000];
    for (size_t i = 0; i < sizeof deep; i++)
        deep[i] = '[';
    memcpy(deep, "{\"a\":", 5);
    deep[sizeof deep - 1] = '\0';
    CHECK(json_fails(deep));
    struct buf b = buf_on(arena);
    buf_put(&b, STR("{\"a\":[0"));
    for (int i = 0; i < HTTP_PARAMS_MAX; i++)
        buf_put(&b, STR(",1"));
    buf_put(&b, STR("]}"));
    buf_putc(&b, '\0');
    CHECK(json_fails(b.p));
}

static const struct str form_type = STR("multipart/form-data; boundary=\"a b\"; charset=utf-8");

static bool multipart_is(struct str type, struct str body, const char *expected)
{
    struct http_param *v = NULL;
    size_t n = 0;
    return http_parse_multipart(arena, type, body, &v, &n) && str_eq(joined(v, n), str_c(expected));
}

static bool multipart_fails(struct str type, struct str body)
{
    struct http_param *v = NULL;
    size_t n = 0;
    return !http_parse_multipart(arena, type, body, &v, &n);
}

#define FIELD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static void multipart_reads(void)
{
    CHECK(multipart_is(form_type, STR("--a b\r\n" FIELD("x") "1\r\n--a b\r\n" FIELD("y[]") "\r\n--a b--\r\n"),
                       "x=1&y[]="));
    CHECK(multipart_is(form_type, STR("preamble\r\n--a b \t\r\n" FIELD("x") "1\r\n--a b--epilogue"), "x=1"));
    CHECK(multipart_is(form_type, STR("--a b--"), ""));
    /* a longer boundary, and the boundary within a line, are content */
    CHECK(multipart_is(form_type, STR("--a b\r\n" FIELD("x") "1\r\n--a bc\r\n --a b\r\n--a b--"),
                       "x=1\r\n--a bc\r\n --a b"));
    CHECK(multipart_is(
        STR("multipart/form-data;boundary=Z"),
        STR("--Z\r\ncontent-type: text/plain\r\ncontent-disposition:form-data;name=x\r\n\r\n\r\n\r\n--Z--"), "x=\r\n"));
    CHECK(multipart_is(STR("multipart/form-data; boundary=Z"),
                       STR("--Z\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n--Z--"), ""));
}

static void multipart_files(void)
{
    struct http_param *v = NULL;
    size_t n = 0;
    struct str body = STR("--Z\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\\\"b;c.png\"\r\n"
                          "Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\0\xff\r\n--\r\n--Z-\r\n--Z\r\n" FIELD(
                              "d") "t\r\n"
                                   "--Z\r\nContent-Disposition: form-data; name=\"g\"; "
                                   "filename*=UTF-8''na%C3%AFve.png\r\n\r\nG\r\n--Z--");
    CHECK(http_parse_multipart(arena, STR("multipart/form-data; boundary=Z"), body, &v, &n) && n == 3);
    if (n != 3)
        return;
    CHECK(str_eq(v[0].value, STR("\x89PNG\r\n\x1a\n\0\xff\r\n--\r\n--Z-")));
    CHECK(str_eq(v[0].file_name, STR("a\"b;c.png")) && str_eq(v[0].file_type, STR("image/png")));
    CHECK(is(&v[1], "d", "t") && v[1].file_name.p == NULL);
    CHECK(str_eq(v[2].file_name, STR("na\xC3\xAFve.png")));
    struct http_req q = { .arena = arena, .params = v, .params_n = n };
    CHECK(http_file(&q, "file") == &v[0] && http_file(&q, "d") == NULL);
    CHECK(http_param(&q, "file").p == NULL && http_has(&q, "file"));
}

/* What is read of a part's head is copied: a body that goes to a file has room for a lot of them. */
static void multipart_heads_are_few_and_short(void)
{
    struct str z = STR("multipart/form-data; boundary=Z");
    struct buf lines = buf_on(arena);
    struct buf parts = buf_on(arena);
    buf_put(&lines, STR("--Z\r\n"));
    for (int i = 0; i < 3; i++)
        buf_printf(&lines, "Content-Disposition: form-data; name=\"%04000d\"\r\n", 1);
    buf_put(&lines, STR("Content-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--Z--"));
    CHECK(multipart_fails(z, buf_str(&lines)));
    for (int i = 0; i <= HTTP_PARAMS_MAX; i++)
        buf_put(&parts,
                STR("--Z\r\nContent-Disposition: form-data; name=\"x\"; filename=\"\"\r\n\r\n\r\n")); /* not chosen */
    buf_put(&parts, STR("--Z--"));
    CHECK(multipart_fails(z, buf_str(&parts)));
}

static void multipart_refuses(void)
{
    struct str z = STR("multipart/form-data; boundary=Z");
    CHECK(multipart_fails(STR("multipart/form-data"), STR("--Z--")));
    CHECK(multipart_fails(STR("multipart/form-data; boundary="), STR("--Z--")));
    CHECK(multipart_fails(STR("multipart/form-data; boundary=\"Z"), STR("--Z--")));
    CHECK(multipart_fails(z, STR("")) && multipart_fails(z, STR("--")) && multipart_fails(z, STR("--Z")));
    CHECK(multipart_fails(z, STR("--Z\r\n" FIELD("x") "1\r\n--Z\r\n"))); /* cut off */
    CHECK(multipart_fails(z, STR("--Z\r\n" FIELD("x") "1")));            /* cut off */
    CHECK(multipart_fails(z, STR("--Z\r\nX: y\r\n\r\n1\r\n--Z--")));     /* nameless */
    CHECK(multipart_fails(z, STR("--Z\r\nno colon\r\n\r\n1\r\n--Z--")));
    CHECK(multipart_fails(z, STR("--Z\r\n\r\n--Z--")));
    CHECK(multipart_fails(z, STR("--Z\r\n" FIELD("x") "\xFF\r\n--Z--"))); /* text that is not UTF-8 */
    CHECK(multipart_fails(
        z, STR("--Z\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\xFF\"\r\n\r\n1\r\n--Z--")));
}

static bool body_is(const char *type, const char *body, const char *expected)
{
    struct params p = { .arena = arena };
    return params_body(&p, str_c(type), str_c(body)) && str_eq(joined(p.v, p.n), str_c(expected));
}

static void bodies(void)
{
    CHECK(body_is("application/json; charset=utf-8", "{\"a\":1}", "a=1"));
    CHECK(body_is("Application/X-WWW-Form-Urlencoded;charset=UTF-8", "a=1+2", "a=1 2"));
    CHECK(body_is(NULL, "a=1&b=2", "a=1&b=2"));
    CHECK(body_is(NULL, "{\"a\":\"=\"}", "") && body_is("text/plain", "a=1", ""));
    CHECK(body_is("application/activity+json", "{\"a\":1}", ""));
}

static void accessors(void)
{
    struct http_req q =
        request("a=1&a=2&e=&ids[]=1&ids[]=&ids[0]=2&ids=3&ids[x]=4&id=5&poll[expires_in]=9&no=False&yes=1");
    size_t n = 0;
    CHECK(str_eq(http_param(&q, "a"), STR("2")) && http_param(&q, "b").p == NULL && http_param(&q, "e").p != NULL);
    const struct str *ids = http_list(&q, "ids", &n);
    CHECK(n == 3 && str_eq(ids[0], STR("1")) && str_eq(ids[1], STR("2")) && str_eq(ids[2], STR("3")));
    (void)http_list(&q, "none", &n);
    CHECK(n == 0);
    CHECK(http_has(&q, "poll") && http_has(&q, "e") && !http_has(&q, "pol") && !http_has(&q, "expires_in"));
    CHECK(!http_bool(&q, "no", true) && http_bool(&q, "yes", false) && http_bool(&q, "none", true)
          && !http_bool(&q, "e", true));
}

static void numbers(void)
{
    struct http_req q = request("a=40&b=-5&c=1000&d=x&e=&f=99999999999999999999&g=-99999999999999999999");
    int64_t v = 20;
    CHECK(http_i64(&q, "none", 1, 80, false, &v) && v == 20);
    CHECK(http_i64(&q, "e", 1, 80, false, &v) && v == 20);
    CHECK(http_i64(&q, "a", 1, 80, false, &v) && v == 40);
    CHECK(!http_i64(&q, "b", 1, 80, false, &v) && !http_i64(&q, "c", 1, 80, false, &v) && v == 40);
    CHECK(http_i64(&q, "c", 1, 80, true, &v) && v == 80);
    CHECK(http_i64(&q, "b", 1, 80, true, &v) && v == 1);
    CHECK(http_i64(&q, "f", 1, 80, true, &v) && v == 80);
    CHECK(http_i64(&q, "g", 1, 80, true, &v) && v == 1);
    CHECK(!http_i64(&q, "d", 1, 80, true, &v) && !http_i64(&q, "f", 1, 80, false, &v));
}

static void answer_headers(void)
{
    struct http_res r = { .arena = arena };
    http_res_header(&r, STR("X-A"), STR("1"));
    http_res_header(&r, STR("X-Bad"), STR("1\r\nSet-Cookie: x"));
    http_res_redirect(&r, 302, STR("/there"));
    CHECK(r.status == 302 && str_eq(r.headers->name, STR("X-A")));
    CHECK(str_eq(r.headers->next->name, STR("Location")) && r.headers->next->next == NULL);
}

static bool special(const char *text)
{
    struct net_addr a;
    CHECK(net_addr_parse(str_c(text), &a));
    return net_addr_is_special(&a);
}

static void addresses(void)
{
    struct net_ranges r;
    struct str bad;
    CHECK(net_ranges_parse(arena, STR("10.0.0.0/8, 192.0.2.7,fd00::/8"), &r, &bad) && r.n == 3);
    struct str peer = STR("10.1.1.1");
    CHECK(str_eq(net_forwarded_for(arena, &r, STR("1.1.1.1, 2.2.2.2, 10.0.0.9"), peer), STR("2.2.2.2")));
    CHECK(str_eq(net_forwarded_for(arena, &r, STR("10.0.0.1,192.0.2.7"), peer), STR("10.0.0.1")));
    CHECK(str_eq(net_forwarded_for(arena, &r, STR("evil, 10.0.0.9"), peer), STR("10.0.0.9")));
    CHECK(str_eq(net_forwarded_for(arena, &r, STR("[2001:db8::1]:99"), peer), STR("2001:db8::1")));
    CHECK(str_eq(net_forwarded_for(arena, &r, STR("::ffff:8.8.8.8"), peer), STR("8.8.8.8")));
    CHECK(str_eq(net_forwarded_for(arena, &r, STR("nonsense"), peer), peer));
    CHECK(!net_ranges_parse(arena, STR("10.0.0.0/33"), &r, &bad) && str_eq(bad, STR("10.0.0.0/33")));
    CHECK(!net_ranges_parse(arena, STR("::1/129"), &r, &bad) && !net_ranges_parse(arena, STR("host"), &r, &bad));
    CHECK(special("127.0.0.1") && special("10.2.3.4") && special("169.254.169.254") && special("0.0.0.0"));
    CHECK(special("::1") && special("::ffff:127.0.0.1") && special("fe80::1") && special("fd12::1")
          && special("64:ff9b::7f00:1"));
    CHECK(special("2002:7f00:1::") && special("100.64.0.1") && special("::") && special("ff02::1"));
    CHECK(!special("1.1.1.1") && !special("2606:4700::1111") && !special("172.32.0.1"));
}

static void hosts(void)
{
    static const char *const good[] = {
        "x",     "x.example", "x.example:8380", "x_y:",       "192.0.2.1:1",
        "[::1]", "[::1]:443", "a%20b",          "x.example.", "[::ffff:192.0.2.1]:65535"
    };
    static const char *const bad[] = { "",        ":80",   "x y",   "x/y",       "a@b",    "x:y", "x:-1",
                                       "x:65536", "x:1:2", "::1",   "[::1",      "[::1]x", "[x]", "[192.0.2.1]",
                                       "a%2",     "a%zz",  "a,b c", "h\xc3\xa9", "x:\xc2", "<x>" };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK(net_is_host_port(str_c(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!net_is_host_port(str_c(bad[i])));
    CHECK(!net_is_host_port((struct str){ "a\0b", 3 }) && !net_is_host_port((struct str){ 0 }));
}

static void crowds(void)
{
    struct crowd *c = crowd_new(2);
    struct net_addr a;
    struct net_addr b;
    CHECK(net_addr_parse(STR("2001:db8:1:2::1"), &a) && net_addr_parse(STR("2001:db8:1:2:ffff::2"), &b));
    crowd_enter(c, &a);
    CHECK(crowd_has_room(c, &b));
    crowd_enter(c, &b);
    CHECK(!crowd_has_room(c, &a) && !crowd_has_room(c, &b)); /* one network, two addresses */
    CHECK(net_addr_parse(STR("2001:db8:1:3::1"), &a) && crowd_has_room(c, &a));
    crowd_leave(c, &b);
    CHECK(crowd_has_room(c, &b));
    CHECK(net_addr_parse(STR("192.0.2.1"), &a) && net_addr_parse(STR("192.0.2.2"), &b));
    crowd_enter(c, &a);
    crowd_enter(c, &a);
    CHECK(!crowd_has_room(c, &a) && crowd_has_room(c, &b));
    crowd_free(&c);
    c = crowd_new(0);
    crowd_enter(c, &a);
    CHECK(crowd_has_room(c, &a));
    crowd_free(&c);
}

int main(void)
{
    crowds();
    arena = arena_new();
    queries();
    query_limits();
    percent();
    json_flattens();
    json_refuses();
    multipart_reads();
    multipart_files();
    multipart_refuses();
    multipart_heads_are_few_and_short();
    bodies();
    accessors();
    numbers();
    answer_headers();
    addresses();
    hosts();
    arena_free(&arena);
    return check_done();
}
