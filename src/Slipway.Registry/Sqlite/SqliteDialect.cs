using System.Text;
using Slipway.Registry.Database;

namespace Slipway.Registry.Sqlite;

/// <summary>SQLite 3.35. Text compares by its bytes as it is; the case-distinct pattern is <c>glob</c>, since <c>like</c> ignores case.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    public override string Name => "SQLite";

    public override string TextType => "text";

    public override string IdentityType => "integer primary key autoincrement";

    public override string Clustered => " without rowid";

    public override string ForUpdate => "";

    public override string TableExists => "select count(*) from sqlite_master where type = 'table' and name = @name";

    // Version 3.35 makes a list of everything that a correlated exists could find before it looks at the first row: 50 ms for 50,000 metrics, where a page needs 200 of them.
    public override string Exists(string query) => $"({query} limit 1) is not null";

    public override string Like(string expression, string parameter) => $"{expression} glob {parameter}";

    public override string LikeIgnoringCase(string expression, string parameter) => $"{expression} like {parameter}";

    public override string LikePattern(string pattern)
    {
        StringBuilder glob = new(pattern.Length + 16);
        foreach (char character in pattern)
        {
            _ = character switch
            {
                '%' => glob.Append('*'),
                '_' => glob.Append('?'),
                '*' or '?' or '[' => glob.Append('[').Append(character).Append(']'),
                _ => glob.Append(character),
            };
        }

        return glob.ToString();
    }

    public override string LikeIgnoringCasePattern(string pattern) => pattern;
}
