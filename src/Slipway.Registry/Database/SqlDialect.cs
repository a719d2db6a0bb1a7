namespace Slipway.Registry.Database;

/// <summary>
/// What a database says differently. Common ground of all: <c>@name</c> parameters, <c>bigint</c>, <c>double precision</c>, <c>on conflict … do update</c>, <c>returning</c>,
/// <c>nulls last</c>, <c>limit</c>, partial and expression indices.
/// </summary>
public abstract class SqlDialect
{
    /// <summary>Name for people and logs.</summary>
    public abstract string Name { get; }

    /// <summary>Type of a text column that compares by its UTF-8 bytes.</summary>
    public abstract string TextType { get; }

    /// <summary>Type and constraints of a key column that numbers itself, ascending, never reusing a number; zero may be given explicitly.</summary>
    public abstract string IdentityType { get; }

    /// <summary>Ends a <c>create table</c> whose rows are to lie in the order of their primary key; empty where there is no such thing.</summary>
    public abstract string Clustered { get; }

    /// <summary>Ends a <c>select</c> of rows that this transaction is going to change.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>A statement in the words of this database. In statements, <c>in @name</c> and <c>not in @name</c> stand for a parameter of several values.</summary>
    public virtual string Adapt(string statement) => statement;

    /// <summary>Whether a table of that name exists: a query of one number, the name in <c>@name</c>.</summary>
    public abstract string TableExists { get; }

    /// <summary>A condition: <paramref name="query"/>, which has no <c>limit</c> and selects 1, finds something. It is asked for each row anew.</summary>
    public virtual string Exists(string query) => $"exists ({query})";

    /// <summary>A condition: <paramref name="expression"/> matches the pattern in <paramref name="parameter"/>, case distinct.</summary>
    public abstract string Like(string expression, string parameter);

    /// <summary>As <see cref="Like"/>; A to Z and a to z alike.</summary>
    public abstract string LikeIgnoringCase(string expression, string parameter);

    /// <summary>The value for the parameter of <see cref="Like"/>: <c>%</c> stands for any characters and <c>_</c> for one, nothing else has a meaning.</summary>
    public abstract string LikePattern(string pattern);

    /// <summary>The value for the parameter of <see cref="LikeIgnoringCase"/>.</summary>
    public abstract string LikeIgnoringCasePattern(string pattern);
}
