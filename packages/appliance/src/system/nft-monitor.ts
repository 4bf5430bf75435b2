import { NetlinkNotices } from './netlink-notices.ts';

const NETLINK_NETFILTER = 12;
/** Group of nf_tables (linux/netfilter/nfnetlink.h). */
const NFNLGRP_NFTABLES = 7;

/** Tells that somebody, this process included, has changed the rule set. What has changed is asked for by other means. */
export class NftMonitor {
  readonly #notices: NetlinkNotices;

  /**
   * Subscribes at once. It keeps the process alive.
   *
   * @throws SystemError
   */
  constructor(changed: () => void) {
    let first = true;
    this.#notices = new NetlinkNotices(NETLINK_NETFILTER, [NFNLGRP_NFTABLES], {
      notice: changed,
      resync: () => {
        // The first is not a change: it tells that the subscription stands.
        if (!first) changed();
        first = false;
      },
    });
  }

  close(): void {
    this.#notices.close();
  }
}
