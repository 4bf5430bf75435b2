/*
 * A closed-loop load of whole DHCPv6 exchanges (Solicit, Advertise, Request, Reply), each for an address and a prefix, or
 * for one of them. It costs so little that the server is what is measured, where perfdhcp itself is often the limit.
 *
 * usage: dhcp6-load INTERFACE SECONDS WINDOW CLIENTS FIRST_CLIENT EXCHANGES WHAT [LOG]
 *   WINDOW exchanges are under way at a time; the clients take turns. Ends after SECONDS, or after EXCHANGES if that is not 0.
 *   WHAT is a (addresses), p (prefixes) or ap (both). With LOG each Reply is told at once in a line:
 *   `ack CLIENT ADDRESS PREFIX/LENGTH`, with `-` for what was not asked for.
 * Prints one JSON object: exchanges, seconds, retries (a step not answered within a second), refused (a status that is no
 * success), duplicates (an address or prefix given to a second client), and the time from Solicit to Reply in microseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, PACKET = 1500, MAX_WINDOW = 1024, MAX_SAMPLES = 4000000, MAX_DUID = 130, OWNERS = 1 << 21 };
enum { SOLICIT = 1, ADVERTISE = 2, REQUEST = 3, REPLY = 7 };
enum { CLIENT_ID = 1, SERVER_ID = 2, IA_NA = 3, IA_ADDR = 5, ORO = 6, STATUS = 13, IA_PD = 25, IA_PREFIX = 26 };

struct exchange {
	uint32_t client, xid;
	uint8_t expects;
	uint8_t address[16], prefix[17];
	uint8_t server[MAX_DUID];
	unsigned server_length;
	int has_address, has_prefix;
	int64_t began, sent;
};

struct batch {
	struct mmsghdr headers[BATCH];
	struct iovec vectors[BATCH];
	uint8_t packets[BATCH][PACKET];
	unsigned count;
};

/* Which client has what: open addressing by a hash of the address or prefix. */
struct owner {
	uint8_t what[17];
	uint32_t client;
};

static struct exchange window[MAX_WINDOW];
static struct batch in, out;
static struct owner owners[OWNERS];
static uint32_t samples[MAX_SAMPLES];
static struct sockaddr_in6 servers = {.sin6_family = AF_INET6};
static int fd, wants_address, wants_prefix, tells;

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void flush(void)
{
	for (unsigned done = 0; done < out.count;) {
		int n = sendmmsg(fd, out.headers + done, out.count - done, 0);
		if (n < 0 && errno != EINTR && errno != EAGAIN && errno != ENOBUFS) {
			perror("sendmmsg");
			exit(1);
		}
		if (n > 0) done += n;
	}
	out.count = 0;
}

static uint8_t *u16(uint8_t *at, unsigned value)
{
	at[0] = value >> 8;
	at[1] = value;
	return at + 2;
}

static uint8_t *option(uint8_t *at, unsigned code, unsigned length, const void *data)
{
	at = u16(u16(at, code), length);
	memcpy(at, data, length);
	return at + length;
}

static void send_step(struct exchange *e, uint8_t type)
{
	uint8_t *p = out.packets[out.count], duid[10] = {0, 3, 0, 1, 0x02, 0x07, e->client >> 24, e->client >> 16, e->client >> 8, e->client};
	uint8_t ia[12] = {0, 0, 0, 1}, value[25] = {0};
	p[0] = type;
	p[1] = e->xid >> 16;
	p[2] = e->xid >> 8;
	p[3] = e->xid;
	uint8_t *at = option(p + 4, CLIENT_ID, sizeof duid, duid);
	at = option(at, 8, 2, "\0\0");
	if (type == REQUEST) at = option(at, SERVER_ID, e->server_length, e->server);
	if (wants_address) {
		int shows = type == REQUEST && e->has_address;
		at = u16(u16(at, IA_NA), sizeof ia + (shows ? 28 : 0));
		memcpy(at, ia, sizeof ia);
		at += sizeof ia;
		memcpy(value, e->address, 16);
		if (shows) at = option(at, IA_ADDR, 24, value);
	}
	if (wants_prefix) {
		int shows = type == REQUEST && e->has_prefix;
		memset(value, 0, sizeof value);
		at = u16(u16(at, IA_PD), sizeof ia + (shows ? 29 : 0));
		memcpy(at, ia, sizeof ia);
		at += sizeof ia;
		memcpy(value + 8, e->prefix, 17);
		if (shows) at = option(at, IA_PREFIX, 25, value);
	}
	at = option(at, ORO, 4, "\0\x17\0\x18");
	out.vectors[out.count].iov_len = at - p;
	e->expects = type == SOLICIT ? ADVERTISE : REPLY;
	e->sent = now();
	if (++out.count == BATCH) flush();
}

/* The first IAADDR or IAPREFIX with a lifetime. Returns whether a status says that there is none. */
static int read_ia(const uint8_t *p, unsigned length, unsigned code, uint8_t *value, unsigned size, int *has)
{
	for (unsigned o = 12; o + 4 <= length;) {
		unsigned c = p[o] << 8 | p[o + 1], l = p[o + 2] << 8 | p[o + 3];
		if (o + 4 + l > length) return 1;
		if (c == STATUS && l >= 2 && (p[o + 4] || p[o + 5])) return 1;
		if (c == code && !*has && l >= size + 8) {
			memcpy(value, p + o + 4 + (code == IA_PREFIX ? 8 : 0), size);
			*has = 1;
		}
		o += 4 + l;
	}
	return !*has;
}

static int read_answer(struct exchange *e, const uint8_t *p, unsigned length)
{
	int failed = 0;
	e->has_address = e->has_prefix = 0;
	e->server_length = 0;
	for (unsigned o = 4; o + 4 <= length;) {
		unsigned c = p[o] << 8 | p[o + 1], l = p[o + 2] << 8 | p[o + 3];
		if (o + 4 + l > length) return 0;
		if (c == SERVER_ID && l <= MAX_DUID) memcpy(e->server, p + o + 4, e->server_length = l);
		if (c == STATUS && l >= 2 && (p[o + 4] || p[o + 5])) failed = 1;
		if (c == IA_NA && l >= 12) failed |= read_ia(p + o + 4, l, IA_ADDR, e->address, 16, &e->has_address);
		if (c == IA_PD && l >= 12) failed |= read_ia(p + o + 4, l, IA_PREFIX, e->prefix, 17, &e->has_prefix);
		o += 4 + l;
	}
	return !failed && e->server_length > 0 && (!wants_address || e->has_address) && (!wants_prefix || e->has_prefix);
}

/* Notes that a client has this. Returns 1 when another one has it. */
static int take(const uint8_t *what, unsigned size, uint32_t client)
{
	uint32_t hash = 2166136261u;
	for (unsigned i = 0; i < size; i++) hash = (hash ^ what[i]) * 16777619u;
	for (uint32_t at = hash % OWNERS;; at = (at + 1) % OWNERS) {
		struct owner *o = &owners[at];
		if (o->client == 0) {
			memcpy(o->what, what, size);
			o->client = client + 1;
			return 0;
		}
		if (memcmp(o->what, what, size) == 0) {
			int other = o->client != client + 1;
			o->client = client + 1;
			return other;
		}
	}
}

static void tell(const struct exchange *e)
{
	char address[INET6_ADDRSTRLEN] = "-", prefix[INET6_ADDRSTRLEN] = "-";
	if (wants_address) inet_ntop(AF_INET6, e->address, address, sizeof address);
	if (wants_prefix) inet_ntop(AF_INET6, e->prefix + 1, prefix, sizeof prefix);
	printf("ack %u %s %s/%u\n", e->client, address, prefix, wants_prefix ? e->prefix[0] : 0);
	fflush(stdout);
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	if (argc < 8 || argc > 9 || !(servers.sin6_scope_id = if_nametoindex(argv[1]))) {
		fprintf(stderr, "usage: dhcp6-load INTERFACE SECONDS WINDOW CLIENTS FIRST_CLIENT EXCHANGES a|p|ap [LOG]\n");
		return 2;
	}
	double seconds = atof(argv[2]);
	unsigned width = atoi(argv[3]), clients = atoi(argv[4]), first = atoi(argv[5]);
	unsigned long limit = strtoul(argv[6], 0, 10);
	wants_address = strchr(argv[7], 'a') != 0;
	wants_prefix = strchr(argv[7], 'p') != 0;
	tells = argc == 9;
	if (width < 1 || width > MAX_WINDOW || clients < width) {
		fprintf(stderr, "dhcp6-load: WINDOW is 1 to %d and at most CLIENTS\n", MAX_WINDOW);
		return 2;
	}
	fd = socket(AF_INET6, SOCK_DGRAM, 0);
	int size = 4 << 20;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, argv[1], strlen(argv[1]));
	struct sockaddr_in6 self = {.sin6_family = AF_INET6, .sin6_port = htons(546)};
	if (bind(fd, (struct sockaddr *)&self, sizeof self) < 0) {
		perror("bind");
		return 1;
	}
	inet_pton(AF_INET6, "ff02::1:2", &servers.sin6_addr);
	servers.sin6_port = htons(547);
	for (int i = 0; i < BATCH; i++) {
		in.vectors[i] = (struct iovec){in.packets[i], PACKET};
		out.vectors[i] = (struct iovec){out.packets[i], 0};
		in.headers[i].msg_hdr = (struct msghdr){.msg_iov = &in.vectors[i], .msg_iovlen = 1};
		out.headers[i].msg_hdr = (struct msghdr){
			.msg_iov = &out.vectors[i], .msg_iovlen = 1, .msg_name = &servers, .msg_namelen = sizeof servers};
	}

	unsigned long started = 0, done = 0, retries = 0, refused = 0, duplicates = 0;
	uint32_t serial = (uint32_t)now() & 0x3fff;
	int64_t began = now(), end = began + (int64_t)(seconds * 1e9), swept = began;
#define START(e, slot)                                                           \
	do {                                                                     \
		(e)->client = first + started++ % clients;                       \
		(e)->xid = (uint32_t)(slot) << 14 | (serial++ & 0x3fff);         \
		send_step(e, SOLICIT);                                           \
		(e)->began = (e)->sent;                                          \
	} while (0)
	for (unsigned i = 0; i < width; i++) START(&window[i], i);
	flush();

	while (now() < end && (limit == 0 || done < limit)) {
		struct pollfd readable = {fd, POLLIN, 0};
		poll(&readable, 1, 50);
		int n = recvmmsg(fd, in.headers, BATCH, MSG_DONTWAIT, 0);
		for (int i = 0; i < n; i++) {
			uint8_t *p = in.packets[i];
			unsigned length = in.headers[i].msg_len;
			if (length < 4) continue;
			uint32_t xid = p[1] << 16 | p[2] << 8 | p[3];
			unsigned slot = xid >> 14;
			struct exchange *e = &window[slot < width ? slot : 0];
			if (slot >= width || e->xid != xid || p[0] != e->expects) continue;
			if (!read_answer(e, p, length)) {
				refused++;
				START(e, slot);
			} else if (p[0] == ADVERTISE) {
				send_step(e, REQUEST);
			} else {
				if (wants_address) duplicates += take(e->address, 16, e->client);
				if (wants_prefix) duplicates += take(e->prefix, 17, e->client);
				if (tells) tell(e);
				if (done < MAX_SAMPLES) samples[done] = (now() - e->began) / 1000;
				done++;
				START(e, slot);
			}
		}
		flush();
		int64_t time = now();
		if (time - swept > 100000000) {
			swept = time;
			for (unsigned i = 0; i < width; i++) {
				if (time - window[i].sent <= 1000000000) continue;
				retries++;
				send_step(&window[i], window[i].expects == ADVERTISE ? SOLICIT : REQUEST);
			}
			flush();
		}
	}

	double elapsed = (now() - began) / 1e9;
	unsigned long kept = done < MAX_SAMPLES ? done : MAX_SAMPLES;
	qsort(samples, kept, sizeof *samples, ascending);
	printf("{\"exchanges\":%lu,\"seconds\":%.3f,\"retries\":%lu,\"refused\":%lu,\"duplicates\":%lu,\"p50\":%u,\"p99\":%u}\n", done,
	       elapsed, retries, refused, duplicates, kept ? samples[kept / 2] : 0, kept ? samples[kept * 99 / 100] : 0);
	return 0;
}
