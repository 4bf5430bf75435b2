import t from 'tap';
import { ModuleDependencies } from '../../src/image/root/module-dependencies.ts';
import { withoutSignature } from '../../src/image/root/module-signature.ts';

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

t.test('a module loses its signature and nothing else', async (t) => {
  const magic = '~Module signature appended~\n';
  const signed = (length: number): Buffer =>
    Buffer.concat([
      Buffer.from('the module'),
      Buffer.from('a signature'),
      // Algorithm, hash, kind (PKCS #7), lengths of names, padding; then the signature's length.
      Buffer.of(0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, length),
      Buffer.from(magic),
    ]);
  t.equal(Buffer.from(withoutSignature(signed(11))).toString(), 'the module');
  t.throws(() => withoutSignature(signed(22)), RangeError);
  for (const text of ['', magic, 'the module', `${magic}the module`]) {
    t.equal(Buffer.from(withoutSignature(Buffer.from(text))).toString(), text);
  }
});
