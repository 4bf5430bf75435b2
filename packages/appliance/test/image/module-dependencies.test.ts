import t from 'tap';
import { ModuleDependencies } from '../../src/image/root/module-dependencies.ts';

const dependencies = new ModuleDependencies(`kernel/lib/libcrc32c.ko.xz:
kernel/net/netfilter/nf_conntrack.ko.xz: kernel/net/ipv4/nf-defrag-ipv4.ko.xz kernel/lib/libcrc32c.ko.xz
kernel/net/ipv4/nf-defrag-ipv4.ko.xz:
kernel/net/netfilter/nf_nat.ko.xz: kernel/net/netfilter/nf_conntrack.ko.xz kernel/net/ipv4/nf-defrag-ipv4.ko.xz kernel/lib/libcrc32c.ko.xz
`);

t.test('what is needed comes first, once', async (t) => {
  t.same(dependencies.inOrder(['nf_nat', 'nf_conntrack']), [
    'kernel/lib/libcrc32c.ko.xz',
    'kernel/net/ipv4/nf-defrag-ipv4.ko.xz',
    'kernel/net/netfilter/nf_conntrack.ko.xz',
    'kernel/net/netfilter/nf_nat.ko.xz',
  ]);
});

t.test('dashes and underscores are the same', async (t) => {
  t.same(dependencies.inOrder(['nf_defrag_ipv4']), dependencies.inOrder(['nf-defrag-ipv4']));
});

t.test('an unknown module is named', async (t) => {
  t.throws(() => dependencies.inOrder(['nf_nat', 'zebra']), { message: 'the kernel has no module zebra' });
});
