namespace Slipway.Sklearn.Pickle;

/// <summary>A name that the file refers to, as <c>module.name</c>. It is never resolved, imported or called.</summary>
/// <param name="Module">Module, Python 2 names mapped to their Python 3 ones (<c>__builtin__</c> is <c>builtins</c>).</param>
/// <param name="Name">Name within the module; may be dotted.</param>
internal sealed record PickleGlobal(string Module, string Name)
{
    /// <summary><c>module.name</c>.</summary>
    public string FullName { get; } = $"{Module}.{Name}";

    /// <inheritdoc/>
    public override string ToString() => FullName;
}
