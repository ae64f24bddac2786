/** The zone of the checklist: a bit of everything that is asked for and easily got wrong. Its origin is example.org. */
export const CHECKLIST_ZONE = `
$TTL 300
@        3600 SOA ns1 hostmaster 2024 3600 600 86400 60
@        NS       ns1
@        NS       ns2
ns1      A        192.0.2.1
ns2      A        192.0.2.2
www      A        192.0.2.10
www      AAAA     2001:db8::10
a.ent    A        192.0.2.11
*.w      A        192.0.2.20
x.y.w    TXT      "exists"
*.cw     CNAME    www
alias    CNAME    www
out      CNAME    target.example.net.
broken   CNAME    nx
loop1    CNAME    loop2
loop2    CNAME    loop1
dn       DNAME    tgt
host.tgt A        192.0.2.30
svc      HTTPS    1 www alpn=h2
sub      NS       ns.sub
sub      NS       ns.other
sub      DS       12345 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
ns.sub   A        192.0.2.40
ns.other A        192.0.2.41
_s._tcp  SRV      10 100 443 www
t65400   TYPE65400 \\# 3 010203
${Array.from({ length: 60 }, (_, i) => `big TXT "${String(i).padStart(55, '.')}"`).join('\n')}
`
