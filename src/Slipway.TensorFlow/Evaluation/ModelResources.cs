using Slipway.TensorFlow.Bundles;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>Variables and tables of a model by the names that they are shared by, and where their content comes from. Not thread-safe.</summary>
/// <param name="bundle">The checkpoint; null when there is none.</param>
/// <param name="readAsset">Reads a file of the model's assets by its name.</param>
internal sealed class ModelResources(VariablesBundle? bundle, Func<string, byte[]> readAsset)
{
    private readonly Dictionary<string, Variable> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LookupTable> _tables = new(StringComparer.Ordinal);

    /// <summary>The checkpoint; null when the model has none.</summary>
    public VariablesBundle? Bundle => bundle;

    /// <summary>All variables that have been met.</summary>
    public IEnumerable<Variable> Variables => _variables.Values;

    /// <summary>The variable of a name.</summary>
    public Variable Variable(string name, PartialShape shape)
    {
        if (!_variables.TryGetValue(name, out Variable? variable))
        {
            variable = new Variable(name, shape);
            _variables.Add(name, variable);

            // What no restore operation fills may still lie in the checkpoint under its own name.
            if (bundle?.Find(name) is not null)
            {
                variable.Assign(() => bundle.Read(name));
            }
        }

        return variable;
    }

    /// <summary>The table of a name.</summary>
    public LookupTable Table(string name)
    {
        if (!_tables.TryGetValue(name, out LookupTable? table))
        {
            _tables.Add(name, table = new LookupTable(name));
        }

        return table;
    }

    /// <summary>Reads a file of the model's assets.</summary>
    public byte[] Asset(string name) => readAsset(name);
}
