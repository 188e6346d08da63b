const resumedPerTurn = 4;

/**
 * Lets a crowd go on a few at a time, in the order in which they came, so that no turn of the event loop is long. Node
 * accepts one new connection at each turn: while sixty people are answered in one, everybody else waits at the door,
 * where nobody sees how many they are.
 */
export function createTurns(): () => Promise<void> {
	const waiting: (() => void)[] = [];

	function resumeSome(): void {
		for (const resume of waiting.splice(0, resumedPerTurn)) resume();
		if (waiting.length > 0) setImmediate(resumeSome);
	}

	return () =>
		new Promise((resolve) => {
			if (waiting.push(resolve) === 1) setImmediate(resumeSome);
		});
}
