/** How the router's pages are reached. What is absent is as usual. */
export interface WebSettings {
  readonly httpPort?: number | undefined;
  readonly httpsPort?: number | undefined;
  /** Certificate (chain) and its key, both in PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined;
}

/** The files of the root partition that say so (see `webFiles`); a file of /perm stands before each. */
export function webSettingsFiles({ httpPort, httpsPort, tls }: WebSettings): readonly {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}[] {
  return [
    ...(httpPort === undefined ? [] : [{ path: 'etc/http-port.txt', text: `${httpPort}\n`, mode: 0o644 }]),
    ...(httpsPort === undefined ? [] : [{ path: 'etc/https-port.txt', text: `${httpsPort}\n`, mode: 0o644 }]),
    ...(tls === undefined
      ? []
      : [
          { path: 'etc/ssl/gokrazy-web.pem', text: tls.certificate, mode: 0o644 },
          { path: 'etc/ssl/gokrazy-web.key.pem', text: tls.key, mode: 0o600 },
        ]),
  ];
}
