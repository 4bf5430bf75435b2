import { createHash } from 'node:crypto';
import type { DebianPackage } from './debian/debian-package.ts';

/** What of package-lock.json (npm, version 3) is read here: packages by their place. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** A package in it. */
export interface LockedPackage {
  readonly version?: string;
  /** Of the tarball: `sha512-` and base64. */
  readonly integrity?: string;
  readonly license?: string;
  /** Of a link: where the package itself is. */
  readonly resolved?: string;
  readonly link?: boolean;
  /** Where it can be used; everywhere when absent. */
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package as CycloneDX tells of it. */
export interface Component {
  readonly type: 'library' | 'application' | 'operating-system';
  readonly name: string;
  readonly version: string;
  /** Package URL. */
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: 'SHA-256' | 'SHA-512'; readonly content: string }[];
  readonly licenses?: readonly { readonly license: { readonly name: string } }[];
}

/** sbom.json: gokrazy's envelope around a bill of materials in CycloneDX 1.6. */
export interface Sbom {
  /** SHA-256 of the JSON text of `sbom`, in hexadecimal. */
  readonly sbom_hash: string;
  readonly sbom: {
    readonly bomFormat: 'CycloneDX';
    readonly specVersion: '1.6';
    readonly version: 1;
    readonly metadata: { readonly timestamp: string; readonly component: Component };
    readonly components: readonly Component[];
  };
}

/** The bill of materials of an image of that version of router7. */
export function makeSbom(version: string, time: Date, components: readonly Component[]): Sbom {
  const sbom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: time.toISOString(),
      component: { type: 'operating-system', name: 'router7', version, purl: `pkg:generic/router7@${version}` },
    },
    components: [...components].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
  } as const;
  return { sbom_hash: createHash('sha256').update(JSON.stringify(sbom)).digest('hex'), sbom };
}

/** A package of Debian. */
export function debianComponent({ name, version, architecture, source, sha256 }: DebianPackage): Component {
  const query = `?arch=${architecture}${source === name ? '' : `&upstream=${source}`}`;
  return {
    type: name.startsWith('linux-image-') ? 'operating-system' : 'library',
    name,
    version,
    purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}${query}`,
    hashes: [{ alg: 'SHA-256', content: sha256 }],
  };
}

/** What packages need to be built or checked, though they say at run time. */
const NOT_AT_RUN_TIME = /^(esbuild|node-gyp-build|@types\/.*)$/;

/** Packages of npm that one of ours needs at run time on Linux x64, and `more` by name; of several at one version, one. */
export function npmComponents({ packages }: Lockfile, own: string, more: readonly string[] = []): readonly Component[] {
  const found = new Map<string, Component>();
  const visited = new Set<string>();
  const visit = (place: string): void => {
    const { link, resolved, ...one } = packages[place] ?? {};
    if (link === true && resolved !== undefined) {
      visit(resolved);
      return;
    }
    if (visited.has(place)) return;
    visited.add(place);
    if (place.includes('node_modules/')) {
      const component = npmComponent(place.slice(place.lastIndexOf('node_modules/') + 13), one);
      found.set(component.purl, component);
    }
    for (const name of Object.keys({ ...one.dependencies, ...one.optionalDependencies })) {
      const at = placeOf(packages, name, place);
      if (at !== undefined && isForImage(name, packages[at])) visit(at);
    }
  };
  visit(own);
  for (const name of more) visit(`node_modules/${name}`);
  return [...found.values()];
}

function isForImage(name: string, { os, cpu }: LockedPackage = {}): boolean {
  return (
    !NOT_AT_RUN_TIME.test(name) &&
    (os ?? 'linux').includes('linux') &&
    (cpu === undefined || [cpu].flat().includes('x64'))
  );
}

/** As Node looks for it: in the package's own folder, then in those around it. Undefined for one of another machine. */
function placeOf(packages: Lockfile['packages'], name: string, from: string): string | undefined {
  for (let folder = from; folder !== ''; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder}/node_modules/${name}`;
    if (packages[place] !== undefined) return place;
  }
  return packages[`node_modules/${name}`] === undefined ? undefined : `node_modules/${name}`;
}

function npmComponent(name: string, { version = '', integrity, license }: LockedPackage): Component {
  const [, sum] = /^sha512-(.*)$/.exec(integrity ?? '') ?? [];
  return {
    type: 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    ...(sum === undefined
      ? {}
      : { hashes: [{ alg: 'SHA-512' as const, content: Buffer.from(sum, 'base64').toString('hex') }] }),
    ...(license === undefined ? {} : { licenses: [{ license: { name: license } }] }),
  };
}
