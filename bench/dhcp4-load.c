/*
 * A closed-loop load of whole DHCPv4 exchanges (DISCOVER, OFFER, REQUEST, ACK), as a relay agent would pass them on.
 * It costs so little that the server is what is measured, where perfdhcp itself is often the limit.
 *
 * usage: dhcp4-load RELAY_ADDRESS SERVER_ADDRESS SECONDS WINDOW CLIENTS FIRST_CLIENT EXCHANGES
 *   WINDOW exchanges are under way at a time; the clients take turns. Ends after SECONDS, or after EXCHANGES if that is not 0.
 * Prints one JSON object: exchanges, seconds, retries (a step not answered within a second), refused (DHCPNAK),
 * duplicates (an address acknowledged to a second client), and the time from DISCOVER to ACK in microseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, PACKET = 1500, MAX_WINDOW = 1024, OPTIONS = 240, MINIMUM = 300, MAX_SAMPLES = 4000000 };
enum { DISCOVER = 1, OFFER = 2, REQUEST = 3, ACK = 5, NAK = 6 };

struct exchange {
	uint32_t client, xid;
	uint8_t expects;
	uint8_t address[4], server[4];
	int64_t began, sent;
};

struct batch {
	struct mmsghdr headers[BATCH];
	struct iovec vectors[BATCH];
	uint8_t packets[BATCH][PACKET];
	unsigned count;
};

static struct exchange window[MAX_WINDOW];
static struct batch in, out;
static uint32_t owner[1 << 24]; /* by the low 24 bits of the address: which client has it */
static uint32_t samples[MAX_SAMPLES];
static struct sockaddr_in server;
static struct in_addr relay;
static int fd;

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

static uint8_t *option(uint8_t *at, uint8_t code, uint8_t length, const void *data)
{
	*at++ = code;
	*at++ = length;
	memcpy(at, data, length);
	return at + length;
}

static void send_step(struct exchange *e, uint8_t type)
{
	uint8_t *p = out.packets[out.count], mac[7] = {1, 0x02, 0x07, e->client >> 24, e->client >> 16, e->client >> 8, e->client};
	char name[20];
	memset(p, 0, MINIMUM);
	p[0] = p[1] = p[3] = 1;
	p[2] = 6;
	memcpy(p + 4, &e->xid, 4);
	memcpy(p + 24, &relay, 4);
	memcpy(p + 28, mac + 1, 6);
	memcpy(p + 236, "\x63\x82\x53\x63", 4);
	uint8_t *at = option(p + OPTIONS, 53, 1, &type);
	at = option(at, 61, 7, mac);
	if (type == REQUEST) {
		at = option(at, 50, 4, e->address);
		at = option(at, 54, 4, e->server);
	}
	at = option(at, 55, 5, "\x01\x03\x06\x0f\x33");
	at = option(at, 12, snprintf(name, sizeof name, "host-%u", e->client), name);
	*at++ = 255;
	unsigned length = at - p;
	out.vectors[out.count].iov_len = length < MINIMUM ? MINIMUM : length;
	e->expects = type == DISCOVER ? OFFER : ACK;
	e->sent = now();
	if (++out.count == BATCH) flush();
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	if (argc != 8 || !inet_aton(argv[1], &relay) || !inet_aton(argv[2], &server.sin_addr)) {
		fprintf(stderr, "usage: dhcp4-load RELAY_ADDRESS SERVER_ADDRESS SECONDS WINDOW CLIENTS FIRST_CLIENT EXCHANGES\n");
		return 2;
	}
	double seconds = atof(argv[3]);
	unsigned width = atoi(argv[4]), clients = atoi(argv[5]), first = atoi(argv[6]);
	unsigned long limit = strtoul(argv[7], 0, 10);
	if (width < 1 || width > MAX_WINDOW || clients < width) {
		fprintf(stderr, "dhcp4-load: WINDOW is 1 to %d and at most CLIENTS\n", MAX_WINDOW);
		return 2;
	}
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	int size = 4 << 20;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	struct sockaddr_in self = {.sin_family = AF_INET, .sin_port = htons(67), .sin_addr = relay};
	if (bind(fd, (struct sockaddr *)&self, sizeof self) < 0) {
		perror("bind");
		return 1;
	}
	server.sin_family = AF_INET;
	server.sin_port = htons(67);
	for (int i = 0; i < BATCH; i++) {
		in.vectors[i] = (struct iovec){in.packets[i], PACKET};
		out.vectors[i] = (struct iovec){out.packets[i], 0};
		in.headers[i].msg_hdr = (struct msghdr){.msg_iov = &in.vectors[i], .msg_iovlen = 1};
		out.headers[i].msg_hdr = (struct msghdr){
			.msg_iov = &out.vectors[i], .msg_iovlen = 1, .msg_name = &server, .msg_namelen = sizeof server};
	}

	unsigned long started = 0, done = 0, retries = 0, refused = 0, duplicates = 0;
	uint32_t serial = (uint32_t)now() & 0xfffff;
	int64_t began = now(), end = began + (int64_t)(seconds * 1e9), swept = began;
#define START(e, slot)                                                      \
	do {                                                                \
		(e)->client = first + started++ % clients;                  \
		(e)->xid = (uint32_t)(slot) << 20 | (serial++ & 0xfffff);   \
		send_step(e, DISCOVER);                                     \
		(e)->began = (e)->sent;                                     \
	} while (0)
	for (unsigned i = 0; i < width; i++) START(&window[i], i);
	flush();

	while (now() < end && (limit == 0 || done < limit)) {
		struct pollfd readable = {fd, POLLIN, 0};
		poll(&readable, 1, 50);
		int n = recvmmsg(fd, in.headers, BATCH, MSG_DONTWAIT, 0);
		for (int i = 0; i < n; i++) {
			uint8_t *p = in.packets[i];
			unsigned length = in.headers[i].msg_len, type = 0;
			uint8_t *from = 0;
			uint32_t xid;
			if (length < OPTIONS + 3) continue;
			memcpy(&xid, p + 4, 4);
			unsigned slot = xid >> 20;
			struct exchange *e = &window[slot < width ? slot : 0];
			if (slot >= width || e->xid != xid) continue;
			for (unsigned o = OPTIONS; o + 1 < length && p[o] != 255; o += p[o] ? 2u + p[o + 1] : 1u) {
				if (p[o] == 53) type = p[o + 2];
				if (p[o] == 54) from = p + o + 2;
			}
			if (type == OFFER && e->expects == OFFER && from) {
				memcpy(e->address, p + 16, 4);
				memcpy(e->server, from, 4);
				send_step(e, REQUEST);
			} else if (type == ACK && e->expects == ACK) {
				uint32_t key = p[17] << 16 | p[18] << 8 | p[19];
				if (owner[key] != 0 && owner[key] != e->client + 1) duplicates++;
				owner[key] = e->client + 1;
				if (done < MAX_SAMPLES) samples[done] = (now() - e->began) / 1000;
				done++;
				START(e, slot);
			} else if (type == NAK && e->expects == ACK) {
				refused++;
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
				send_step(&window[i], window[i].expects == OFFER ? DISCOVER : REQUEST);
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
