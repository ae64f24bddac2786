/** Name servers of others as Debian packages them, each told to serve zones from master files with one worker. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface PeerZone {
  /** In presentation form with its final dot. */
  readonly origin: string
  readonly file: string
}

/** Where a server is to listen, what it is to serve, and a folder of its own for all it writes. */
export interface PeerParts {
  readonly port: number
  readonly folder: string
  readonly zones: readonly PeerZone[]
}

export interface Peer {
  readonly name: PeerName
  /** The program, by which it is known whether the server is installed. */
  readonly program: string
  /** Writes its configuration; gives the arguments that make it serve in the foreground. */
  configure(parts: PeerParts): readonly string[]
}

export type PeerName = 'NSD' | 'Knot DNS' | 'BIND' | 'PowerDNS'

/** Neither rate limits, which Debian's NSD has by default, nor cookies, which would make two answers to one question differ. */
export const nsd: Peer = {
  name: 'NSD',
  program: 'nsd',
  configure({ port, folder, zones }) {
    const config = write(
      folder,
      'nsd.conf',
      `server:
    ip-address: 127.0.0.1@${port}
    server-count: 1
    username: ""
    chroot: ""
    zonesdir: "${folder}"
    database: ""
    pidfile: "${folder}/nsd.pid"
    xfrdfile: "${folder}/xfrd.state"
    zonelistfile: "${folder}/zone.list"
    zonefiles-write: 0
    rrl-ratelimit: 0
    rrl-whitelist-ratelimit: 0
    answer-cookie: no
    tcp-count: 100
remote-control:
    control-enable: no
${zones.map(({ origin, file }) => `zone:\n    name: "${origin}"\n    zonefile: "${file}"\n`).join('')}`,
    )
    return ['-d', '-c', config]
  },
}

export const knot: Peer = {
  name: 'Knot DNS',
  program: 'knotd',
  configure({ port, folder, zones }) {
    const config = write(
      folder,
      'knot.conf',
      `server:
    listen: 127.0.0.1@${port}
    rundir: "${folder}"
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: "${folder}"
template:
  - id: default
    storage: "${folder}"
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
zone:
${zones.map(({ origin, file }) => `  - domain: "${origin}"\n    file: "${file}"\n`).join('')}`,
    )
    return ['-c', config]
  },
}

/** Its checks of what a zone ought to hold are off: what is asked here is how it answers from it. */
export const bind: Peer = {
  name: 'BIND',
  program: 'named',
  configure({ port, folder, zones }) {
    const config = write(
      folder,
      'named.conf',
      `options {
    directory "${folder}";
    pid-file none;
    session-keyfile none;
    lock-file none;
    listen-on port ${port} { 127.0.0.1; };
    listen-on-v6 { none; };
    recursion no;
    dnssec-validation no;
    empty-zones-enable no;
    answer-cookie no;
    minimal-responses no-auth;
    zero-no-soa-ttl no;
    notify no;
    check-names primary ignore;
    check-integrity no;
    check-mx ignore;
    check-mx-cname ignore;
    check-srv-cname ignore;
    check-dup-records ignore;
    check-wildcard no;
};
controls { };
logging { category default { null; }; };
${zones.map(({ origin, file }) => `zone "${origin}" { type primary; file "${file}"; };\n`).join('')}`,
    )
    return ['-g', '-n', '1', '-c', config]
  },
}

/** With its bind backend and the caches that it has by default. */
export const powerdns: Peer = {
  name: 'PowerDNS',
  program: 'pdns_server',
  configure({ port, folder, zones }) {
    const named = write(
      folder,
      'zones.conf',
      zones.map(({ origin, file }) => `zone "${origin}" { type master; file "${file}"; };\n`).join(''),
    )
    write(
      folder,
      'pdns.conf',
      `launch=bind
bind-config=${named}
local-address=127.0.0.1
local-port=${port}
socket-dir=${folder}
receiver-threads=1
security-poll-suffix=
`,
    )
    return [`--config-dir=${folder}`, '--daemon=no', '--guardian=no']
  },
}

// ---------------------------------------------------------------------------

function write(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
