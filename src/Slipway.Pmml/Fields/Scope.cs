using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Fields;

/// <summary>
/// The fields that a model can name: its own mining fields and local derived fields, then those of the model around it, then the derived fields of the
/// transformation dictionary, which are computed with the mining fields of the model that names them.
/// </summary>
internal sealed class Scope(Scope? parent)
{
    private readonly Dictionary<string, FieldBinding> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<FieldBinding>> _derived = new(StringComparer.Ordinal);
    private readonly HashSet<string> _compiling = new(StringComparer.Ordinal);

    /// <summary>Compiles a derived field of the transformation dictionary for a scope; null when there is none of that name.</summary>
    public Func<Scope, string, FieldBinding?>? GlobalDerived { get; init; } = parent?.GlobalDerived;

    /// <summary>Whether this scope treats a field in another way than the scope around it.</summary>
    public bool HasOwnTreatment { get; set; } = parent is null;

    /// <summary>Makes a field known.</summary>
    public void Add(FieldBinding field) => _fields[field.Name] = field;

    /// <summary>Makes a derived field known that is compiled when it is named.</summary>
    public void AddDerived(string name, Func<FieldBinding> compile) => _derived[name] = compile;

    /// <summary>Whether a field of this scope itself, not of one around it, has the name.</summary>
    public bool HasOwn(string name) => _fields.ContainsKey(name) || _derived.ContainsKey(name);

    /// <summary>The field of a name; null when there is none.</summary>
    public FieldBinding? Find(string name)
    {
        if (_fields.TryGetValue(name, out FieldBinding? own))
        {
            return own;
        }

        if (_derived.TryGetValue(name, out Func<FieldBinding>? compile))
        {
            return Once(name, compile)!;
        }

        if (HasOwnTreatment && GlobalDerived is not null && Once(name, () => GlobalDerived(this, name)) is { } global)
        {
            return global;
        }

        return parent?.Find(name);
    }

    /// <summary>The field of a name.</summary>
    /// <exception cref="Slipway.Core.SlipwayException">There is none.</exception>
    public FieldBinding Get(string name, PmmlElement element) =>
        Find(name) ?? throw PmmlError.Invalid(element, $"names the field '{name}', which the model does not have");

    private FieldBinding? Once(string name, Func<FieldBinding?> compile)
    {
        if (!_compiling.Add(name))
        {
            throw PmmlError.Invalid($"the derived field '{name}' depends on itself");
        }

        FieldBinding? field = compile();
        _compiling.Remove(name);
        if (field is not null)
        {
            _fields[name] = field;
        }

        return field;
    }
}
