import './own-namespace.ts';
import { execFileSync } from 'node:child_process';
import { chownSync, linkSync, lstatSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { settleFolders } from '../../src/init/ownership.ts';

const ID = 1;

mkdirSync('/perm', { recursive: true });
execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', '/perm']);
t.teardown(() => execFileSync('umount', ['/perm']));

t.test('IN-12 root gives a service what root has left in its folder, and nothing else', async (t) => {
  writeFileSync('/perm/secret.json', 'secret');
  mkdirSync('/perm/x/inner', { recursive: true });
  writeFileSync('/perm/x/inner/old.json', '');
  symlinkSync('/perm/secret.json', '/perm/x/link');
  symlinkSync('/perm', '/perm/x/folder-link');
  linkSync('/perm/secret.json', '/perm/x/hard-link');
  settleFolders(['/perm/x', '/perm/y', '/etc'], ID);
  const owner = (path: string): number => lstatSync(path).uid;
  t.same(['/perm/x', '/perm/x/inner', '/perm/x/inner/old.json', '/perm/y'].map(owner), [ID, ID, ID, ID]);
  t.same(['/perm', '/perm/secret.json', '/perm/x/hard-link', '/perm/x/link', '/etc'].map(owner), [0, 0, 0, 0, 0]);

  // The folder itself is a link now.
  renameSync('/perm/y', '/perm/z');
  symlinkSync('/perm/secret.json', '/perm/y');
  chownSync('/perm/z', 0, 0);
  settleFolders(['/perm/y'], ID);
  t.equal(owner('/perm/secret.json'), 0);
});

t.test('a service that fills its folder with names does not keep the supervisor from its work', async (t) => {
  mkdirSync('/perm/many');
  const names = Array.from({ length: 8000 }, (_, i) => `/perm/many/${i}`);
  for (const name of names) writeFileSync(name, '');
  settleFolders(['/perm/many'], ID);
  t.equal(names.filter((name) => lstatSync(name).uid === ID).length, 5000);
  t.equal(lstatSync('/perm/many').uid, ID);
});
