"""Functions in the database that make the keys under which numbers and names are found."""

# As core/matching/spelling.py: make_number_key.
NUMBER_KEY = """
CREATE FUNCTION tijdig_number_key(told text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN length(bare.digits) > 1 THEN bare.digits
                ELSE regexp_replace(told, '[^0-9]', '', 'g') END
    FROM (SELECT regexp_replace(told, '[^1-9]', '', 'g') AS digits) bare
$$
"""

# As core/matching/names.py: make_name_key.
NAME_KEY = """
CREATE FUNCTION tijdig_name_key(told text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(longest.word, '' ORDER BY longest.word COLLATE "C"), '')
    FROM (
        SELECT word FROM (
            SELECT DISTINCT word FROM regexp_split_to_table(
                replace(replace(upper(regexp_replace(normalize(
                    translate(replace(replace(replace(told, 'ß', 'ss'), 'æ', 'ae'), 'Æ', 'AE'),
                              'øØłŁ', 'oOlL'), NFKD), '[^ -~]', '', 'g')),
                    'B.V.', ' '), 'V.O.F.', ' '), '[^A-Z]+') AS word
            WHERE length(word) >= 3 AND word <> ALL (ARRAY[
                'VOF', 'DER', 'DEN', 'VAN', 'TEN', 'TER', 'HET', 'DHR', 'MEVR', 'MEVROUW', 'DRS',
                'ING', 'STICHTING', 'HOLDING', 'BEHEER', 'NEDERLAND', 'THE', 'AND',
                'EENMANSZAAK'])
        ) words
        ORDER BY length(word) DESC, word COLLATE "C" LIMIT 2
    ) longest
$$
"""
