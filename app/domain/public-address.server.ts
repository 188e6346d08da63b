import { BlockList, isIP } from "node:net";

/** What is no host of the public internet (IANA's special-purpose registries, RFC 6890), multicast included. */
const special4 = new BlockList();
for (const [network, bits] of [
	["0.0.0.0", 8],
	["10.0.0.0", 8],
	["100.64.0.0", 10],
	["127.0.0.0", 8],
	["169.254.0.0", 16],
	["172.16.0.0", 12],
	["192.0.0.0", 24],
	["192.0.2.0", 24],
	["192.88.99.0", 24],
	["192.168.0.0", 16],
	["198.18.0.0", 15],
	["198.51.100.0", 24],
	["203.0.113.0", 24],
	["224.0.0.0", 4],
	["240.0.0.0", 4],
] as const)
	special4.addSubnet(network, bits, "ipv4");
// A list of its own: Node also looks for an IPv4 address where it would be in IPv6.
const special6 = new BlockList();
for (const [network, bits] of [
	// All but 2000::/3, the only unicast that the internet routes: loopback, mapped IPv4, NAT64, unique local, link-local, multicast…
	["::", 3],
	["4000::", 2],
	["8000::", 1],
	// Teredo and others that lead elsewhere, 6to4, documentation.
	["2001::", 23],
	["2001:db8::", 32],
	["2002::", 16],
	["3fff::", 20],
] as const)
	special6.addSubnet(network, bits, "ipv6");

/** Whether an IP address is one of the public internet, which nothing inside the host's own network has. */
export function isPublicAddress(address: string): boolean {
	const family = isIP(address);
	// A scope, as in fe80::1%eth0, is never public.
	if (family === 0 || address.includes("%")) return false;
	return family === 6 ? !special6.check(address, "ipv6") : !special4.check(address, "ipv4");
}
