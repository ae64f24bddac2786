// The floor: what it costs to take questions and send them back, with the system calls that the responder uses and no answer.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define BATCH 64
#define SLOT_SIZE 4096

static unsigned char octets[BATCH][SLOT_SIZE];
static struct sockaddr_storage addresses[BATCH];
static struct iovec iovecs[BATCH];
static struct mmsghdr headers[BATCH];

int main(int count, char **arguments) {
  int one = socket(AF_INET, SOCK_DGRAM, 0);
  int size = 4 << 20;
  struct timeval wait = {0, 20000};
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(count > 1 ? atoi(arguments[1]) : 0)};
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(one, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt(one, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  if (bind(one, (struct sockaddr *)&here, sizeof here) != 0) return perror("bind"), 1;
  puts("ready");
  fflush(stdout);
  for (;;) {
    for (int i = 0; i < BATCH; i++) {
      iovecs[i] = (struct iovec){octets[i], SLOT_SIZE};
      headers[i].msg_hdr =
          (struct msghdr){.msg_name = &addresses[i], .msg_namelen = sizeof addresses[i], .msg_iov = &iovecs[i], .msg_iovlen = 1};
    }
    int came = recvmmsg(one, headers, BATCH, MSG_WAITFORONE, NULL);
    for (int i = 0; i < came; i++) {
      octets[i][2] |= 0x80; // QR
      iovecs[i].iov_len = headers[i].msg_len;
    }
    for (int at = 0; at < came;) {
      int sent = sendmmsg(one, headers + at, came - at, MSG_DONTWAIT);
      at += sent > 0 ? sent : 1;
    }
  }
}
