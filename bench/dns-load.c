/*
 * A load of DNS queries by UDP from one socket. It costs less than dnsperf, which on two cores is often what is measured.
 *
 * usage: dns-load SERVER_ADDRESS SECONDS WINDOW RATE NAME COUNT UNIQUE FIRST [LIMIT]
 *   WINDOW queries are under way at a time; with a RATE other than 0, that many are sent per second, come what may.
 *   Asked are A and AAAA of `NAME` with its %u replaced by 0 to COUNT - 1, in an order that looks random; UNIQUE of a hundred
 *   queries, spread evenly, ask for A of a name that no other query asks for: `uN.unique.` and NAME's end, N from FIRST on.
 *   Ends after SECONDS, or after LIMIT queries if that is not 0.
 * Prints one JSON object: answered, seconds, lost (not answered within a second), wrong (another question, an error or no
 * record), unique (how many of these were asked), and the time to the answer in microseconds. With a RATE the kernel says when
 * an answer came in, so that it does not count how long this program was kept waiting for the processor.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, ANSWER = 1500, QUERY = 128, HEADER = 12, IDS = 65536, SLOWEST = 1000000, NAMES = 65536 };
/* Nanoseconds: until a query is lost, that nothing can happen in, and between looks for answers under full load. */
static const int64_t PATIENCE = 1000000000, IDLE = 50000000, MODERATION = 20000;

struct query {
	uint8_t octets[QUERY];
	unsigned length;
	int64_t sent; /* 0: answered, or never sent */
};

static struct query asked[IDS]; /* by id */
static struct query names[NAMES];
static uint32_t took[SLOWEST + 1]; /* answers by microseconds */
static uint8_t answers[BATCH][ANSWER];
static char controls[BATCH][64];
static struct mmsghdr in[BATCH], out[BATCH];
static struct iovec in_vectors[BATCH], out_vectors[BATCH];
static struct sockaddr_in server;
static const char *end_of_name;
static unsigned count, unique_share, queued;
static uint64_t sequence, oldest, answered, lost, wrong, unique, first;
static int fd;

static int64_t now(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* A name in text as labels; type A or AAAA. */
static void write_query(struct query *q, const char *text, unsigned type)
{
	uint8_t *at = q->octets + HEADER;
	memset(q->octets, 0, HEADER);
	q->octets[2] = 1; /* RD */
	q->octets[5] = 1;
	for (;;) {
		size_t length = strcspn(text, ".");
		*at++ = length;
		memcpy(at, text, length);
		at += length;
		if (text[length] == 0) break;
		text += length + 1;
	}
	memcpy(at, (uint8_t[]){0, 0, type, 0, 1}, 5);
	q->length = at + 5 - q->octets;
}

static void flush(void)
{
	for (unsigned done = 0; done < queued;) {
		int n = sendmmsg(fd, out + done, queued - done, 0);
		if (n < 0 && errno != EINTR && errno != EAGAIN && errno != ENOBUFS && errno != ECONNREFUSED) {
			perror("sendmmsg");
			exit(1);
		}
		if (n > 0) done += n;
	}
	queued = 0;
}

static void ask(clockid_t clock)
{
	/* An id whose query nobody has answered yet is not free. */
	while (asked[sequence & (IDS - 1)].sent != 0) sequence++;
	uint16_t id = sequence++ & (IDS - 1);
	struct query *q = &asked[id];
	if (sequence * unique_share % 100 < unique_share) {
		char text[QUERY];
		snprintf(text, sizeof text, "u%llx.unique.%s", (unsigned long long)(first + unique++), end_of_name);
		write_query(q, text, 1);
	} else {
		uint64_t z = (sequence + first) * 0x9e3779b97f4a7c15u;
		const struct query *known = &names[(z >> 40) % count];
		memcpy(q->octets, known->octets, known->length);
		q->length = known->length;
	}
	q->octets[0] = id >> 8;
	q->octets[1] = id;
	q->sent = now(clock);
	out_vectors[queued] = (struct iovec){q->octets, q->length};
	if (++queued == BATCH) flush();
}

/* When the kernel says that message came in, else 0. */
static int64_t arrival(struct msghdr *message)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
		struct timespec t;
		memcpy(&t, CMSG_DATA(c), sizeof t);
		return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
	}
	return 0;
}

/* @return whether it is the answer to something that was asked and not answered yet */
static int take(const uint8_t *p, unsigned length, int64_t at)
{
	struct query *q = &asked[p[0] << 8 | p[1]];
	if (length < HEADER || q->sent == 0) return 0;
	int good = length > q->length && (p[2] & 0x80) && (p[3] & 15) == 0 && p[6] + p[7] > 0 &&
		   memcmp(p + HEADER, q->octets + HEADER, q->length - HEADER) == 0;
	int64_t us = (at - q->sent) / 1000;
	if (good) {
		took[us < 0 ? 0 : us > SLOWEST ? SLOWEST : us]++;
		answered++;
	} else {
		wrong++;
	}
	q->sent = 0;
	return 1;
}

/* Gives up what was asked too long ago. @return how many those were */
static unsigned sweep(int64_t time)
{
	unsigned given_up = 0;
	for (; oldest < sequence; oldest++) {
		struct query *q = &asked[oldest & (IDS - 1)];
		if (q->sent == 0) continue;
		if (time - q->sent < PATIENCE) break;
		q->sent = 0;
		lost++;
		given_up++;
	}
	return given_up;
}

static unsigned percentile(double share)
{
	uint64_t seen = 0;
	for (unsigned us = 0; us <= SLOWEST; us++) {
		seen += took[us];
		if (answered > 0 && seen >= answered * share) return us;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 9 || !inet_aton(argv[1], &server.sin_addr)) {
		fprintf(stderr, "usage: dns-load SERVER_ADDRESS SECONDS WINDOW RATE NAME COUNT UNIQUE FIRST [LIMIT]\n");
		return 2;
	}
	double seconds = atof(argv[2]);
	unsigned width = atoi(argv[3]), rate = atoi(argv[4]);
	const char *name = argv[5];
	count = atoi(argv[6]);
	unique_share = atoi(argv[7]);
	first = strtoull(argv[8], 0, 10);
	uint64_t limit = argc > 9 ? strtoull(argv[9], 0, 10) : 0;
	const char *mark = strstr(name, "%u");
	if (!mark || count < 1 || count > NAMES || width < 1 || width > IDS / 2 || strlen(name) > 64) {
		fprintf(stderr, "dns-load: a NAME with %%u in it and at most 64 octets, 1 to %d of them, a WINDOW of 1 to %d\n", NAMES, IDS / 2);
		return 2;
	}
	end_of_name = mark[2] == '.' ? mark + 3 : mark + 2;
	for (unsigned i = 0; i < count; i++) {
		char text[QUERY];
		snprintf(text, sizeof text, "%.*s%u%s", (int)(mark - name), name, i / 2, mark + 2);
		write_query(&names[i], text, i & 1 ? 28 : 1);
	}

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	int size = 4 << 20, on = 1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	clockid_t clock = rate ? CLOCK_REALTIME : CLOCK_MONOTONIC;
	if (rate) setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
	server.sin_family = AF_INET;
	server.sin_port = htons(53);
	if (connect(fd, (struct sockaddr *)&server, sizeof server) < 0) {
		perror("connect");
		return 1;
	}
	for (int i = 0; i < BATCH; i++) {
		in_vectors[i] = (struct iovec){answers[i], ANSWER};
		in[i].msg_hdr = (struct msghdr){.msg_iov = &in_vectors[i], .msg_iovlen = 1, .msg_control = controls[i]};
		out[i].msg_hdr = (struct msghdr){.msg_iov = &out_vectors[i], .msg_iovlen = 1};
	}

	int64_t began = now(clock), end = began + (int64_t)(seconds * 1e9), time = began;
	uint64_t started = 0, under_way = 0;
	int n = 0;
	prctl(PR_SET_TIMERSLACK, 1);
	for (;;) {
		if (time < end && (limit == 0 || started < limit)) {
			uint64_t due = rate ? (uint64_t)((time - began) / 1e9 * rate) : started + (width - under_way);
			if (limit && due > limit) due = limit;
			for (; started < due && under_way < IDS / 2; started++, under_way++) ask(clock);
			flush();
		} else if (under_way == 0 || time > end + PATIENCE) {
			break;
		}
		if (rate) {
			struct pollfd readable = {fd, POLLIN, 0};
			int64_t next = time < end ? began + (int64_t)((started + 1) * 1e9 / rate) - now(clock) : IDLE;
			struct timespec wait = {0, next < 0 ? 0 : next < IDLE ? next : IDLE};
			ppoll(&readable, 1, &wait, 0);
			for (int i = 0; i < BATCH; i++) in[i].msg_hdr.msg_controllen = sizeof controls[i];
		} else if (n < BATCH) {
			/* Whoever waits for the socket is woken up by each answer, and that in the server's time. */
			nanosleep(&(struct timespec){0, MODERATION}, 0);
		}
		n = recvmmsg(fd, in, BATCH, MSG_DONTWAIT, 0);
		time = now(clock);
		for (int i = 0; i < n; i++) {
			int64_t at = rate ? arrival(&in[i].msg_hdr) : time;
			under_way -= take(answers[i], in[i].msg_len, at ? at : time);
		}
		under_way -= sweep(time);
	}
	if (time > end) time = end;
	printf("{\"answered\":%llu,\"seconds\":%.3f,\"lost\":%llu,\"wrong\":%llu,\"unique\":%llu,\"p50\":%u,\"p99\":%u}\n",
	       (unsigned long long)answered, (time - began) / 1e9, (unsigned long long)lost, (unsigned long long)wrong,
	       (unsigned long long)unique, percentile(0.5), percentile(0.99));
	return 0;
}
