import { type Kysely, sql } from "kysely";

/**
 * The bodies of many emails that differ in a few words are kept once; each is written out when it leaves the queue, to be
 * sent or not. By the database, so that the release before, which may still run, sends, withdraws and erases them too.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		create table email_page (
			id uuid primary key,
			html text not null,
			text text not null,
			calendar text,
			blanks text[] not null,
			created_at timestamptz not null
		);
		alter table email
			add column page_id uuid references email_page,
			add column words text[],
			add constraint email_page_and_words check ((page_id is null) = (words is null));
		create index email_by_page on email (page_id) where page_id is not null;

		create function fill_blanks(body text, blanks text[], words text[]) returns text
		language plpgsql immutable strict as $$
		begin
			for n in 1 .. cardinality(blanks) loop
				body := replace(body, blanks[n], words[n]);
			end loop;
			return body;
		end
		$$;

		create function write_out_email() returns trigger language plpgsql as $$
		begin
			-- Whoever is erased has no address: nothing is left to say.
			if new.to_address <> '' then
				select fill_blanks(html, blanks, new.words), fill_blanks(text, blanks, new.words), fill_blanks(calendar, blanks, new.words)
					into strict new.html, new.text, new.calendar
					from email_page where id = new.page_id;
			end if;
			new.page_id := null;
			new.words := null;
			return new;
		end
		$$;
		create trigger email_written_out before update on email for each row
			when (new.page_id is not null and (new.status <> 'queued' or new.to_address = '')) execute function write_out_email();
	`.execute(db);
}

/** Each email has its whole body again. */
export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`
		update email set
			html = fill_blanks(page.html, page.blanks, email.words),
			text = fill_blanks(page.text, page.blanks, email.words),
			calendar = fill_blanks(page.calendar, page.blanks, email.words)
		from email_page page where page.id = email.page_id;
		drop trigger email_written_out on email;
		drop function write_out_email;
		drop function fill_blanks;
		alter table email drop column page_id, drop column words;
		drop table email_page;
	`.execute(db);
}
