using Slipway.Pmml.Documents;
using Slipway.Pmml.Results;
using Slipway.Pmml.Transformations;

namespace Slipway.Pmml.Models.Neighbors;

/// <summary>The training instances that a document holds, by field.</summary>
internal sealed class TrainingInstances
{
    private readonly Dictionary<string, string> _columns = new(StringComparer.Ordinal);
    private readonly List<Dictionary<string, string>> _rows;

    /// <summary>Reads the instances of a model.</summary>
    public TrainingInstances(ModelContext model)
    {
        Element = model.Element.RequiredChild("TrainingInstances");
        foreach (PmmlElement field in Element.RequiredChild("InstanceFields").ChildrenNamed("InstanceField"))
        {
            string name = field.Required("field");
            _columns[name] = InlineTable.Column(field.Attribute("column") ?? name);
        }

        _rows = InlineTable.Rows(Element);
        IsTransformed = Element.Boolean("isTransformed") ?? false;
    }

    /// <summary>The element.</summary>
    public PmmlElement Element { get; }

    /// <summary>Whether they hold values of derived fields, and not those of the fields that these are made from.</summary>
    public bool IsTransformed { get; }

    /// <summary>How many there are.</summary>
    public int Count => _rows.Count;

    /// <summary>Names of the fields they have.</summary>
    public IEnumerable<string> Fields => _columns.Keys;

    /// <summary>Whether they have a field.</summary>
    public bool Has(string field) => _columns.ContainsKey(field);

    /// <summary>The text of a field of one; null when it is missing.</summary>
    public string? Text(int row, string field) =>
        _columns.TryGetValue(field, out string? column) && _rows[row].TryGetValue(column, out string? text) && text.Length > 0 ? text : null;
}
