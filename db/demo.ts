import { Temporal } from "temporal-polyfill";
import type { Locale } from "#app/domain/locale.ts";
import type { AnswerValue, Question } from "#app/domain/question.ts";
import type { Firm, SessionRow, Workshop } from "./schema.ts";

/** A believable site for a fresh database: plain values, every name invented, every address at exemple.ca or example.com. */
export type DemoSite = { firm: DemoFirm; workshops: DemoWorkshop[] };

type DemoFirm = Omit<Firm, "id" | "retentionMonths" | "emailTexts" | "calendarInvitations" | "updatedAt">;

type DemoWorkshop = Omit<
	Workshop,
	"id" | "feedbackUrl" | "revision" | "publishedAt" | "archivedAt" | "createdAt" | "updatedAt"
> & { questions?: DemoQuestion[]; sessions: DemoSession[] };

/** Choices are a line each, in both languages. */
export type DemoQuestion = Pick<Question, "kind" | "labelFr" | "labelEn" | "required" | "askedAt"> & {
	choicesFr?: string;
	choicesEn?: string;
};

/** `attendees` are in the order of their sign-up: those past `capacity` wait. */
export type DemoSession = Pick<
	SessionRow,
	"language" | "online" | "place" | "address" | "joinUrl" | "zone" | "capacity" | "priceCents"
> & { meetings: DemoMeeting[]; attendees: DemoAttendee[] };

/** Wall time in the session's zone: `YYYY-MM-DD`, `HH:MM`. */
type DemoMeeting = { date: string; start: string; end: string };

type DemoAttendee = {
	name: string;
	email: string;
	organization: string;
	locale: Locale;
	note?: string;
	/** In the order of the workshop's questions; null for one left empty. */
	answers?: (AnswerValue | null)[];
};

const zone = "America/Toronto";

/** The site as it should look to someone who starts it at `now`: two dates in December, the rest in the winter that follows. */
export function demoSite(now: Date): DemoSite {
	const december = decemberYear(now);
	const winter = december + 1;
	return {
		firm,
		workshops: [
			socialMediaAtWork(december),
			passwordMorning(winter),
			socialPotential(winter),
			readablePolicy(winter),
		],
	};
}

/** The first year whose 1 December is at least seven days away on the wall calendar in Montréal. */
function decemberYear(now: Date): number {
	const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate();
	const first = Temporal.PlainDate.from({ year: today.year, month: 12, day: 1 });
	return today.until(first, { largestUnit: "days" }).days >= 7 ? today.year : today.year + 1;
}

/** A day, or the Monday that follows when it falls on a weekend. */
function weekday(year: number, month: number, day: number): string {
	const date = Temporal.PlainDate.from({ year, month, day });
	return date.add({ days: date.dayOfWeek > 5 ? 8 - date.dayOfWeek : 0 }).toString();
}

type AttendeeRow = [
	name: string,
	email: string,
	organization?: string,
	locale?: Locale,
	note?: string,
	answers?: (AnswerValue | null)[],
];

function attendees(rows: AttendeeRow[]): DemoAttendee[] {
	return rows.map(([name, email, organization = "", locale = "fr", note, answers]) => ({
		name,
		email,
		organization,
		locale,
		...(note ? { note } : {}),
		...(answers ? { answers } : {}),
	}));
}

const firm: DemoFirm = {
	name: "Formation Exemple inc.",
	postalAddress: "1200, rue Sainte-Catherine Est, Montréal (Québec) H2L 2H1",
	email: "formation@exemple.ca",
	taglineFr: "Apprendre aux équipes à se servir des médias sociaux, plutôt que de les leur interdire.",
	taglineEn: "Teaching teams to use social media, rather than forbidding it.",
	privacyOfficerFr: "Responsable de la protection des renseignements personnels",
	privacyOfficerEn: "Privacy officer",
	privacyEmail: "confidentialite@exemple.ca",
	gstNumber: "100000000RT0001",
	qstNumber: "1000000000TQ0001",
	accreditationNumber: "",
	defaultPlace: "Montréal, Centre-ville",
	defaultAddress: "1200, rue Sainte-Catherine Est, Montréal (Québec) H2L 2H1",
	defaultCapacity: 30,
	defaultStart: "09:30",
	defaultEnd: "16:30",
	defaultZone: zone,
};

function socialMediaAtWork(year: number): DemoWorkshop {
	return {
		slugFr: "les-medias-sociaux-en-entreprise",
		slugEn: "social-media-at-work",
		titleFr: "Les médias sociaux en entreprise : sécurité, prudence et présence",
		titleEn: "Social media at work: safety, good sense and presence",
		summaryFr:
			"Une journée pour que votre équipe se serve des médias sociaux avec méthode, sans rien laisser fuir.",
		summaryEn: "One day for your team to learn to use social media well, and let nothing slip.",
		descriptionFr: `Bloquer les médias sociaux au bureau ne les fait pas disparaître : ils reviennent sur le téléphone, dans la poche, là où plus personne ne peut aider. Cette journée part de ce constat. **Une équipe formée protège mieux l’entreprise qu’une équipe surveillée.**

Le matin, la prudence : ce qui fuit et par où, les mots de passe et les habitudes qui tiennent, les photos qui en disent trop, les faux messages de la direction.

L’après-midi, la présence : passer de l’usage caché aux « employés-héros », ces collègues qui parlent bien de leur métier, choisir ses réseaux, y compris les petits réseaux de niche, et s’entendre sur des règles qui tiennent en une page.

Vous repartez avec un plan d’une page, écrit pour votre équipe.`,
		descriptionEn: `Blocking social media at the office does not make it go away: it comes back on the phone in your pocket, where nobody can help any more. This day starts from there. **A trained team protects the company better than a watched one.**

In the morning, good sense: what leaks and how, passwords and habits that last, photos that say too much, fake messages from the boss.

In the afternoon, presence: moving from hidden use to “employee heroes”, the colleagues who talk well about their work, choosing your networks, small niche ones included, and agreeing on rules that fit on one page.

You leave with a one-page plan, written for your own team.`,
		outcomesFr: `Expliquer pourquoi l’interdiction échoue, et quoi proposer à la place
Reconnaître ce qui fuit, par où et pourquoi
Protéger les comptes de l’entreprise et les vôtres
Soutenir les « employés-héros » qui veulent prendre la parole
Trouver les réseaux de niche où se trouve votre clientèle`,
		outcomesEn: `Explain why banning fails, and what to offer instead
Recognize what leaks, how and why
Protect the company’s accounts and your own
Support the “employee heroes” who want to speak up
Find the niche networks where your customers are`,
		audienceFr:
			"Gestion, ressources humaines, communications, et toute personne qui parle au nom de l’entreprise. Aucune connaissance technique n’est nécessaire.",
		audienceEn:
			"Managers, human resources, communications, and anyone who speaks for the company. You do not need any technical knowledge.",
		bringFr: "Votre téléphone. Un ordinateur portable si vous le souhaitez.",
		bringEn: "Your phone. A laptop if you like.",
		accessibilityFr:
			"À Montréal, la salle est accessible en fauteuil roulant. En ligne, la séance est sous-titrée en direct. Écrivez-nous pour tout autre besoin.",
		accessibilityEn:
			"In Montréal, the room is wheelchair accessible. Online, the session has live captions. Write to us about any other need.",
		trainer: "Mireille Castonguay",
		sessions: [
			{
				language: "fr",
				online: false,
				place: "Montréal, Centre-ville",
				address: firm.postalAddress,
				joinUrl: "",
				zone,
				capacity: 30,
				priceCents: 19_500,
				meetings: [{ date: `${year}-12-01`, start: "09:30", end: "16:30" }],
				attendees: attendees([
					["Anaïs Bélanger", "anais.belanger@exemple.ca", "Coop Nord", "fr", "Allergie aux noix"],
					["Noé Côté-Tremblay", "noe@exemple.ca", "Municipalité de Val-Clair"],
					["Lan Nguyễn", "lan.nguyen@example.com", "Studio Lan", "en", "Préfère l’anglais"],
					["Ciara O’Neill", "ciara@example.com", "", "en"],
					["Zoé Roy", "zoe.roy@exemple.ca", "Coop Nord"],
					["Wideline Jean-Baptiste", "wideline.jean-baptiste@exemple.ca", "Clinique du Belvédère"],
					["Karim Haddad", "karim.haddad@exemple.ca", "Imprimerie des Rapides"],
					["Mélissa Awashish", "melissa.awashish@exemple.ca", "Municipalité de Val-Clair"],
					["Guy St-Onge", "guy.st-onge@exemple.ca", "Transport Boréal-Express"],
					["Margaret Whitfield", "margaret.whitfield@example.com", "Harbour & Pine", "en"],
					["François D’Amours", "francois.damours@exemple.ca", "Collège des Deux-Rives"],
					[
						"Yasmine Benali",
						"yasmine.benali@exemple.ca",
						"Clinique du Belvédère",
						"fr",
						"Arrivera vers 10 h",
					],
					["Jean-Philippe Lachance", "jp.lachance@exemple.ca", "Coop Nord"],
					["Thị Mai Trần", "mai.tran@exemple.ca", "Imprimerie des Rapides"],
					["Maïté L’Écuyer", "maite.lecuyer@exemple.ca", "Musée du Canal-Neuf"],
					["Ricardo Pierre-Louis", "ricardo.pierre-louis@exemple.ca", "Transport Boréal-Express"],
					["Priya Raman", "priya.raman@example.com", "Harbour & Pine", "en"],
					["Kahente Diabo", "kahente.diabo@example.com", "", "en"],
					["Sébastien Gagné-Ouellet", "sebastien.go@exemple.ca", "Collège des Deux-Rives"],
					["Nour El-Khoury", "nour.el-khoury@exemple.ca", "Musée du Canal-Neuf"],
					["João Medeiros", "joao.medeiros@exemple.ca"],
					["Geneviève Œuvrard", "genevieve.oeuvrard@exemple.ca", "Municipalité de Val-Clair"],
					["Duncan MacLeod", "duncan.macleod@example.com", "Harbour & Pine", "en"],
					["Fatoumata Diallo", "fatoumata.diallo@exemple.ca", "Coop Nord"],
					["Étienne de Repentigny", "etienne.derepentigny@exemple.ca", "Imprimerie des Rapides"],
					["Nadège Toussaint", "nadege.toussaint@exemple.ca", "Clinique du Belvédère"],
				]),
			},
			{
				language: "fr",
				online: true,
				place: "",
				address: "",
				joinUrl: "https://rencontre.exemple.ca/medias-sociaux",
				zone,
				capacity: 40,
				priceCents: 14_500,
				meetings: [{ date: `${year}-12-08`, start: "09:30", end: "16:30" }],
				attendees: attendees([
					["Chloé Vaillancourt", "chloe.vaillancourt@exemple.ca", "Coop Nord"],
					["Siaja Tukkiapik", "siaja.tukkiapik@example.com", "", "en", "Se branche de Kuujjuaq"],
					["Amina Bouchareb", "amina.bouchareb@exemple.ca", "Collège des Deux-Rives"],
					["Rosalie Thériault", "rosalie.theriault@exemple.ca", "Musée du Canal-Neuf"],
					["Quốc Bảo Phạm", "bao.pham@exemple.ca", "Studio Lan"],
					["Liam Fitzgerald-Roy", "liam.fitzgerald-roy@example.com", "Harbour & Pine", "en"],
					["Marie-Ève Bolduc", "marie-eve.bolduc@exemple.ca", "Transport Boréal-Express"],
					["Andrei Popescu", "andrei.popescu@exemple.ca"],
					["Fabienne Dorvil", "fabienne.dorvil@exemple.ca", "Clinique du Belvédère"],
				]),
			},
		],
	};
}

function passwordMorning(year: number): DemoWorkshop {
	return {
		slugFr: "mots-de-passe-comptes-et-habitudes",
		slugEn: "passwords-accounts-and-habits",
		titleFr: "Mots de passe, comptes et habitudes : l’atelier du matin",
		titleEn: "Passwords, accounts and habits: the morning workshop",
		summaryFr: "Trois heures pour mettre de l’ordre dans vos comptes, avec de l’aide à côté de vous.",
		summaryEn: "Three hours to put your accounts in order, with help beside you.",
		descriptionFr: `Un café, trois heures et vos vrais comptes. On change les mots de passe faibles, on ferme les comptes oubliés, on active la double authentification, ensemble.

Le groupe est petit pour que personne ne reste en arrière. **Rien de ce que vous tapez n’est montré ni noté.**`,
		descriptionEn: `A coffee, three hours and your real accounts. Together, we change weak passwords, close forgotten accounts and turn on two-step verification.

The group is small so that nobody is left behind. **Nothing you type is shown or written down.**`,
		outcomesFr: `Choisir et utiliser un gestionnaire de mots de passe
Activer la double authentification là où elle compte
Retrouver et fermer les comptes oubliés
Repérer un faux message avant de cliquer`,
		outcomesEn: `Choose and use a password manager
Turn on two-step verification where it matters
Find and close forgotten accounts
Spot a fake message before you click`,
		audienceFr: "Toute personne qui a plus de comptes que de mots de passe.",
		audienceEn: "Anyone with more accounts than passwords.",
		bringFr: "Votre téléphone, votre ordinateur portable et leurs chargeurs.",
		bringEn: "Your phone, your laptop and their chargers.",
		accessibilityFr: "La salle est au rez-de-chaussée, sans marche. Écrivez-nous pour tout autre besoin.",
		accessibilityEn: "The room is on the ground floor, with no steps. Write to us about any other need.",
		trainer: "Thierry Nguyen-Gagnon",
		sessions: [
			{
				language: "fr",
				online: false,
				place: "Québec, Saint-Roch",
				address: "750, rue Saint-Joseph Est, Québec (Québec) G1K 3C5",
				joinUrl: "",
				zone,
				capacity: 12,
				priceCents: 0,
				meetings: [{ date: weekday(year, 1, 14), start: "09:00", end: "12:00" }],
				attendees: attendees([
					["Huguette Laflamme", "huguette.laflamme@exemple.ca"],
					["Idriss Chérif", "idriss.cherif@exemple.ca", "Collège des Deux-Rives"],
					["Manon Duchesne", "manon.duchesne@exemple.ca", "Municipalité de Val-Clair"],
					["Réjean Paré", "rejean.pare@exemple.ca", "Transport Boréal-Express"],
					["Tania Picard-Vollant", "tania.picard-vollant@exemple.ca"],
					["Gabriel Desjardins-Cruz", "gabriel.dc@exemple.ca", "Imprimerie des Rapides"],
					["Heather Pritchard", "heather.pritchard@example.com", "", "en"],
					["Louis-Olivier Bédard", "lo.bedard@exemple.ca", "Musée du Canal-Neuf"],
					["Samira Ouellette-Mansour", "samira.om@exemple.ca", "Clinique du Belvédère"],
					["Kim Anh Lê", "kim-anh.le@exemple.ca", "Studio Lan"],
					["Bernadette Joseph", "bernadette.joseph@exemple.ca", "", "fr", "Fauteuil roulant"],
					["Félix Arsenault", "felix.arsenault@exemple.ca", "Coop Nord"],
					["Oluwaseun Adeyemi", "seun.adeyemi@example.com", "Harbour & Pine", "en"],
					["Catherine Lévesque", "catherine.levesque@exemple.ca", "Municipalité de Val-Clair"],
					["Pascal Hervieux", "pascal.hervieux@exemple.ca"],
				]),
			},
		],
	};
}

function socialPotential(year: number): DemoWorkshop {
	return {
		slugFr: "reveler-le-potentiel-social-de-votre-equipe",
		slugEn: "unlock-your-teams-social-potential",
		titleFr: "Révéler le potentiel social de votre équipe",
		titleEn: "Unlock your team’s social potential",
		summaryFr: "Deux après-midis, en anglais, pour aider vos collègues à parler de leur métier en public.",
		summaryEn: "Two afternoons to help your colleagues talk about their work in public.",
		descriptionFr: `Dans chaque équipe, quelques personnes parlent déjà très bien de leur métier, souvent sans que l’entreprise le sache. Cet atelier vous apprend à les trouver, à les encourager et à les protéger.

La première rencontre sert à dresser le portrait de l’équipe et à choisir ses terrains. Entre les deux, chaque personne fait un essai. La seconde rencontre part de ces essais.

*L’atelier se donne en anglais; les questions sont bienvenues dans les deux langues.*`,
		descriptionEn: `In every team, a few people already talk very well about their work, often without the company knowing. This workshop teaches you to find them, encourage them and protect them.

The first meeting takes stock of the team and picks where to speak. In between, everyone tries something out. The second meeting starts from those trials.

*The workshop is taught in English; questions are welcome in both languages.*`,
		outcomesFr: `Repérer les voix naturelles de votre équipe
Bâtir un calendrier de publication qui survit au mois de mars
Répondre aux commentaires, même difficiles
Mesurer ce qui compte, et laisser tomber le reste`,
		outcomesEn: `Spot the natural voices in your team
Build a publishing calendar that survives past March
Answer comments, even difficult ones
Measure what matters, and drop the rest`,
		audienceFr:
			"Gestionnaires, communications et marketing. Venez à deux de la même équipe si vous le pouvez.",
		audienceEn: "Managers, communications and marketing. Come as two from the same team if you can.",
		bringFr:
			"Un ordinateur portable, et deux ou trois publications qui vous rendent service ou que vous regrettez.",
		bringEn: "A laptop, and two or three posts that served you well or that you regret.",
		accessibilityFr: "La salle est accessible en fauteuil roulant. Écrivez-nous pour tout autre besoin.",
		accessibilityEn: "The room is wheelchair accessible. Write to us about any other need.",
		trainer: "Siobhan Leblanc-Murphy",
		sessions: [
			{
				language: "en",
				online: false,
				place: "Montréal, Centre-ville",
				address: firm.postalAddress,
				joinUrl: "",
				zone,
				capacity: 16,
				priceCents: 34_000,
				meetings: [
					{ date: weekday(year, 2, 10), start: "13:00", end: "16:00" },
					{ date: weekday(year, 2, 17), start: "13:00", end: "16:00" },
				],
				attendees: attendees([
					["Wei-Ling Chen", "wei-ling.chen@example.com", "Harbour & Pine", "en"],
					["Alasdair Grant", "alasdair.grant@example.com", "Harbour & Pine", "en"],
					["Sofía Herrera-Lavoie", "sofia.herrera-lavoie@exemple.ca", "Musée du Canal-Neuf"],
					["Jimmy Mianscum", "jimmy.mianscum@example.com", "", "en"],
					["Élodie Charbonneau", "elodie.charbonneau@exemple.ca", "Coop Nord", "fr", "Repas végétarien"],
				]),
			},
		],
	};
}

function readablePolicy(year: number): DemoWorkshop {
	return {
		slugFr: "une-politique-des-medias-sociaux-qui-sera-lue",
		slugEn: "a-social-media-policy-people-will-read",
		titleFr: "Une politique des médias sociaux qui sera lue",
		titleEn: "A social media policy people will read",
		summaryFr: "Une journée d’écriture pour remplacer vingt pages d’interdits par une page utile.",
		summaryEn: "A day of writing to replace twenty pages of rules with one useful page.",
		descriptionFr: `La plupart des politiques sont signées le premier jour, puis oubliées. Apportez la vôtre, ou venez sans rien : à la fin de la journée, vous aurez une page claire, relue par le groupe.

On y parle de ce qui est permis avant ce qui est défendu, et de la personne à qui poser ses questions.`,
		descriptionEn: `Most policies are signed on the first day, then forgotten. Bring yours, or come with nothing: by the end of the day you will have one clear page, read over by the group.

It says what is allowed before what is not, and whom to ask.`,
		outcomesFr: `Écrire une politique d’une page, en langage clair
Distinguer ce qui relève de l’employeur et de la vie privée
Présenter la page à votre équipe et la tenir à jour`,
		outcomesEn: `Write a one-page policy in plain language
Tell what is the employer’s business from what is private
Present the page to your team and keep it up to date`,
		audienceFr: "Ressources humaines, direction et personnes déléguées syndicales.",
		audienceEn: "Human resources, senior management and union representatives.",
		bringFr: "Un ordinateur portable et votre politique actuelle, s’il y en a une.",
		bringEn: "A laptop, and your current policy if there is one.",
		accessibilityFr: "La salle est accessible par ascenseur. Écrivez-nous pour tout autre besoin.",
		accessibilityEn: "The room is accessible by elevator. Write to us about any other need.",
		trainer: "Mireille Castonguay",
		questions: [
			{
				kind: "boolean",
				labelFr: "Avez-vous déjà une politique sur les médias sociaux?",
				labelEn: "Do you already have a social media policy?",
				required: false,
				askedAt: "registration",
			},
			{
				kind: "long",
				labelFr: "Qu’aimeriez-vous savoir faire en sortant?",
				labelEn: "What would you like to be able to do when you leave?",
				required: false,
				askedAt: "registration",
			},
			{
				kind: "choices",
				labelFr: "Pour le repas du midi, que devons-nous savoir?",
				labelEn: "What should we know for lunch?",
				required: false,
				askedAt: "after",
				choicesFr: "Végétarien\nVégane\nSans gluten\nAllergie aux noix",
				choicesEn: "Vegetarian\nVegan\nGluten-free\nNut allergy",
			},
			{
				kind: "short",
				labelFr: "Avez-vous besoin d’un aménagement particulier?",
				labelEn: "Do you need any particular arrangement?",
				required: false,
				askedAt: "after",
			},
		],
		sessions: [
			{
				language: "fr",
				online: false,
				place: "Sherbrooke, Centre-ville",
				address: "95, rue Wellington Nord, Sherbrooke (Québec) J1H 5B7",
				joinUrl: "",
				zone,
				capacity: 8,
				priceCents: 12_500,
				meetings: [{ date: weekday(year, 3, 11), start: "09:00", end: "16:00" }],
				attendees: attendees([
					[
						"Benoît Grondin",
						"benoit.grondin@exemple.ca",
						"Transport Boréal-Express",
						"fr",
						undefined,
						[true, "Faire lire la nôtre : elle a vingt pages.", ["vegetarien"], null],
					],
					[
						"Leïla Amrani",
						"leila.amrani@exemple.ca",
						"Clinique du Belvédère",
						"fr",
						undefined,
						[
							false,
							"Écrire une page que les équipes de soins vont vraiment consulter.",
							["vegane", "allergie-aux-noix"],
							null,
						],
					],
					[
						"Megan O’Connor-Dubé",
						"megan.oconnor-dube@example.com",
						"",
						"en",
						undefined,
						[false, "Know what an employer may and may not ask.", null, "A seat near the screen"],
					],
					[
						"Jean-Rony Cadet",
						"jean-rony.cadet@exemple.ca",
						"Imprimerie des Rapides",
						"fr",
						undefined,
						[true, null, ["sans-gluten"], null],
					],
					["Stéphanie Quessy-McKenzie", "stephanie.qm@exemple.ca"],
					[
						"Ngọc Hân Đặng",
						"ngoc-han.dang@exemple.ca",
						"Studio Lan",
						"fr",
						undefined,
						[false, "Convaincre la direction que deux pages suffisent.", null, null],
					],
				]),
			},
		],
	};
}
