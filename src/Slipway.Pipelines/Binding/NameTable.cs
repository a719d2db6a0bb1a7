using Slipway.Core;
using Slipway.Pipelines.Expressions;

namespace Slipway.Pipelines.Binding;

/// <summary>What the names of an expression mean, and where the values are. Not thread-safe.</summary>
internal sealed class NameTable(BindScope scope, IReadOnlyDictionary<string, string> aliases, string key)
{
    private readonly Dictionary<string, Variable> _known = new(StringComparer.Ordinal);
    private readonly List<int> _positions = [];
    private readonly List<long> _widths = [];

    /// <summary>Values that come before the pipeline's, at positions -2, -3 …</summary>
    public IReadOnlyList<TensorSignature> Local { get; init; } = [];

    /// <summary>Where the values come from, by the positions of the variables.</summary>
    public IReadOnlyList<int> Positions => _positions;

    /// <summary>How many values each has in a row, -1 when the request decides.</summary>
    public IReadOnlyList<long> Widths => _widths;

    /// <summary>Whether a name means nothing, which is noted.</summary>
    public bool HasFaults { get; private set; }

    /// <summary>What a name means.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/> when expressions can't read such values.</exception>
    public Variable Find(NameSyntax name)
    {
        if (_known.TryGetValue(name.Path, out Variable? known))
        {
            return known;
        }

        for (int i = 0; i < Local.Count; i++)
        {
            if (Local[i].Name == name.Path)
            {
                return _known[name.Path] = Make(name, Local[i], -2 - i);
            }
        }

        int faults = scope.Faults.Count;
        string reference = aliases.GetValueOrDefault(name.Path, name.Path);
        BoundValue? value = scope.Resolve(reference, key);
        HasFaults |= scope.Faults.Count > faults;
        return _known[name.Path] = value is null ? new Variable(-1, TensorDataType.Undefined, 0) : Make(name, value.Type, value.Position);
    }

    private Variable Make(NameSyntax name, TensorSignature type, int position)
    {
        if (!VariableNodes.CanRead(type.DataType))
        {
            throw ExpressionFailure.At(name.At, $"'{name.Path}' is {type.DataType.ToName()}, which expressions don't read: put a 'cast' step before");
        }

        if (!type.IsRankUnknown && (!TypeFit.IsRows(type) || type.Shape.Rank > 2))
        {
            throw ExpressionFailure.At(name.At, $"'{name.Path}' has shape {type.Shape}, and one value or one vector for each row is expected ([-1] or [-1,K]): put a 'reshape' step before");
        }

        if (!type.IsRankUnknown && type.Shape.Rank == 2 && type.Shape[1] == 0)
        {
            throw ExpressionFailure.At(name.At, $"'{name.Path}' has shape {type.Shape}: there is nothing in a row");
        }

        _positions.Add(position);
        bool isVector = !type.IsRankUnknown && type.Shape.Rank == 2 && type.Shape[1] != 1;
        _widths.Add(isVector ? type.Shape[1] : 1);
        return new Variable(_positions.Count - 1, type.DataType, isVector ? type.Shape[1] : 0);
    }
}
