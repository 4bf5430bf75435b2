/*
 * The least that a DHCPv4 server can do: it answers DISCOVER with OFFER and REQUEST with ACK, out of the request's own
 * octets, knows no lease, no client and no rule, and moves up to 64 datagrams with a system call. What it costs is the
 * kernel's part of an exchange; what a real server costs above that is the server's own.
 *
 * usage: dhcp4-floor FILE
 *   Without FILE it answers at once. With FILE it writes a record for each ACK first, all of a batch with one synced write
 *   past the page cache, as dhcp4d's journal does.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 64, PACKET = 1500, REPLY = 300, OPTIONS = 240, DISCOVER = 1, OFFER = 2, REQUEST = 3, ACK = 5 };
enum { BLOCK = 4096, RECORD = 80, SEGMENT = 4 << 20 };

static struct mmsghdr headers[BATCH];
static struct iovec vectors[BATCH];
static struct sockaddr_in names[BATCH];
static uint8_t packets[BATCH][PACKET];

static int fail(const char *what)
{
	perror(what);
	return 1;
}

/* Behind the message type: server 10.7.0.1, ten hours with T1 and T2, mask, router, name server, domain "lan". */
static const uint8_t tail[] = {54, 4, 10, 7, 0,   1, 51, 4, 0,  0, 0x8c, 0xa0, 58, 4, 0,  0, 0x46, 0x50, 59,  4,   0,   0,  0x7b, 0x0c,
			       1,  4, 255, 255, 0, 0, 3,  4, 10, 7, 0,    1,    6,  4, 10, 7, 0,    1,    15,  3,   'l', 'a', 'n',  255};

/* Makes a request its own answer. Client n of dhcp4-load has 10.7.1.0 + n. */
static int answer(uint8_t *p)
{
	int type = p[OPTIONS + 2];
	uint32_t client = (uint32_t)p[30] << 24 | p[31] << 16 | p[32] << 8 | p[33];
	uint32_t address = htonl((10u << 24 | 7 << 16 | 1 << 8) + client);
	p[0] = 2;
	memcpy(p + 16, &address, 4);
	p[OPTIONS + 2] = type == DISCOVER ? OFFER : ACK;
	memcpy(p + OPTIONS + 3, tail, sizeof tail);
	return type == REQUEST;
}

/* The answers of a batch are as long as each other and go to one relay agent: the kernel takes them for one datagram. */
static void send_joined(int fd, int count)
{
	uint64_t control[CMSG_SPACE(2) / 8] = {0};
	struct msghdr message = {.msg_name = names, .msg_namelen = sizeof *names, .msg_iov = vectors, .msg_iovlen = count,
				 .msg_control = control, .msg_controllen = sizeof control};
	struct cmsghdr *segment = CMSG_FIRSTHDR(&message);
	segment->cmsg_level = SOL_UDP;
	segment->cmsg_type = UDP_SEGMENT;
	segment->cmsg_len = CMSG_LEN(2);
	*(uint16_t *)CMSG_DATA(segment) = REPLY;
	if (sendmsg(fd, &message, 0) < 0) perror("sendmsg");
}

int main(int argc, char **argv)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), journal = -1, size = 4 << 20;
	struct sockaddr_in self = {.sin_family = AF_INET, .sin_port = htons(67)};
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
	setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lan0", 5);
	if (bind(fd, (struct sockaddr *)&self, sizeof self) < 0) return fail("bind");
	uint8_t *block = aligned_alloc(BLOCK, BATCH * RECORD + 2 * BLOCK);
	memset(block, 1, BATCH * RECORD + 2 * BLOCK);
	if (argc > 1) {
		int plain = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
		for (int at = 0; at < SEGMENT + 2 * BLOCK; at += BLOCK) pwrite(plain, block, BLOCK, at);
		fsync(plain);
		journal = open(argv[1], O_WRONLY | O_DIRECT | O_DSYNC);
		if (journal < 0) return fail(argv[1]);
	}
	for (long end = 0;;) {
		struct pollfd readable = {fd, POLLIN, 0};
		poll(&readable, 1, -1);
		for (int i = 0; i < BATCH; i++) {
			vectors[i] = (struct iovec){packets[i], PACKET};
			headers[i].msg_hdr = (struct msghdr){
				.msg_name = &names[i], .msg_namelen = sizeof *names, .msg_iov = &vectors[i], .msg_iovlen = 1};
		}
		int count = recvmmsg(fd, headers, BATCH, MSG_DONTWAIT, 0), acks = 0;
		if (count <= 0) continue;
		for (int i = 0; i < count; i++) {
			acks += answer(packets[i]);
			vectors[i].iov_len = REPLY;
		}
		if (journal >= 0 && acks > 0) {
			long start = end / BLOCK * BLOCK, length = (end + acks * RECORD - start + BLOCK - 1) / BLOCK * BLOCK;
			if (pwrite(journal, block, length, start) != length) return fail("pwrite");
			end = (end + acks * RECORD) % SEGMENT;
		}
		send_joined(fd, count);
	}
}
