type ListedPerson = { name: string; email: string };

const longestLine = 1000;

/**
 * Reads a pasted list, one person a line: `Zoé Roy <zoe@exemple.ca>`, `Roy, Zoé; zoe@exemple.ca`, or cells copied from a
 * spreadsheet. What looks like an address is the email, the rest is the name, as it stands; « Roy, Zoé » is turned
 * around. Empty lines and a line of column headings are left out. A line may lack a name or an address; one that holds
 * several addresses, as a mail program's field does, is as many people.
 */
export function readPeopleList(text: string): ListedPerson[] {
	return text
		.split(/\r\n|\r|\n/)
		.filter((line) => !isHeading(line))
		.flatMap(splitAfterAddresses)
		.filter((line) => line.trim() !== "")
		.map((line) => readLine(line.slice(0, longestLine)));
}

function splitAfterAddresses(line: string): string[] {
	// The sign first: looked for before it, an address would be at every character of an endless line.
	const parts = line.split(/[;,](?<=@[^\s;,]+\s*[;,])/);
	if (parts.length === 1) return [line];
	const people = parts
		.filter((part) => part.trim() !== "")
		.map((part) => readLine(part.slice(0, longestLine)));
	// All of them named before their address, or none: otherwise these are the cells of one person.
	const named = people.filter(({ name }) => /\p{L}/u.test(name)).length;
	const alike = people.every(({ email }) => email !== "") && (named === 0 || named === people.length);
	return alike ? parts : [line];
}

function readLine(line: string): ListedPerson {
	const email = line.split(/[\s<>()[\],;:"]/).find((word) => /^[^@]+@[^@]+$/.test(word)) ?? "";
	// Cells become spaces, but a comma inside a cell may separate a last name from a first one.
	const rest = line
		.replace(email, " ")
		.replace(/mailto:/gi, " ")
		.replace(/[<>"\t;]|\(\s*\)/g, " ")
		.replace(/\s+/g, " ")
		.replace(/^[\s,]+|[\s,]+$/g, "");
	const [last, first, ...others] = rest.split(/\s*,\s*/);
	const name = last && first && others.length === 0 ? `${first} ${last}` : rest;
	return { name, email };
}

const headings = /^(nom( complet)?|prénom|courriel|adresse( courriel)?|e-?mail|(first|last|full )?name)$/i;

function isHeading(line: string): boolean {
	return line.split(/[\t;,]/).some((cell) => headings.test(cell.trim()));
}
