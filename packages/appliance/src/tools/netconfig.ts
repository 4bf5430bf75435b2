import { NftConnection } from '@router7/nft/node';
import { Firewall } from '../firewall/firewall.ts';
import { nftKernel } from '../firewall/firewall-kernel.ts';
import { check } from '../netconfig/check.ts';
import { Configuration } from '../netconfig/configuration.ts';
import { EndpointResolver } from '../netconfig/endpoint-resolver.ts';
import { filesBelow, RESOLV_CONF } from '../netconfig/files.ts';
import { FlagError, parseFlags } from '../runtime/flags.ts';
import { silentLog } from '../runtime/log.ts';
import { GenericNetlink } from '../system/genetlink.ts';
import { setIntOption } from '../system/libc.ts';
import { RtNetlink } from '../system/rtnetlink.ts';

/** Exit statuses of `router7 netconfig --check`. */
const Status = { nothingToDo: 0, somethingToDo: 1, error: 2 } as const;

/** `router7 netconfig --check`: what netconfigd would change, as a diff; nothing is changed. */
export const netconfig: {
  readonly usage: string;
  readonly summary: string;
  readonly run: (args: readonly string[]) => Promise<number>;
} = {
  usage: '--check [--perm=/perm]',
  summary: 'prints what netconfigd would change; status 0: nothing, 1: something, 2: an error',
  run: async (args) => {
    try {
      const flags = parseFlags(args, { check: false, perm: '/perm' });
      if (!flags.check) throw new FlagError('expected --check; netconfigd is what applies the configuration');
      return await checkBelow(flags.perm);
    } catch (error) {
      if (!(error instanceof FlagError)) throw error;
      process.stderr.write(`router7 netconfig: ${error.message}\n`);
      return Status.error;
    }
  },
};

async function checkBelow(perm: string): Promise<number> {
  const files = filesBelow(perm);
  const kernel = { route: new RtNetlink(), generic: new GenericNetlink() };
  const nft = new NftConnection({
    setSocketOption: (fd, level, option, value) =>
      setIntOption(fd, level, option, value, `option ${option} of nf_tables`),
  });
  const { lines, errors, warnings } = await check({
    kernel,
    firewall: new Firewall(nftKernel(nft), files, silentLog),
    configuration: new Configuration(files),
    resolver: new EndpointResolver(() => undefined),
    resolvConf: RESOLV_CONF,
  });
  kernel.route.close();
  kernel.generic.close();
  nft.close();
  for (const warning of warnings) process.stderr.write(`warn ${warning}\n`);
  for (const { message } of errors) process.stderr.write(`error ${message}\n`);
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (errors.length > 0) return Status.error;
  return lines.length > 0 ? Status.somethingToDo : Status.nothingToDo;
}
