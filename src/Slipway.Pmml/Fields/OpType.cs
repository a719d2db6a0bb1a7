namespace Slipway.Pmml.Fields;

/// <summary>How values of a field are compared.</summary>
internal enum OpType
{
    /// <summary>Equal or not.</summary>
    Categorical,

    /// <summary>Equal or not, and in an order.</summary>
    Ordinal,

    /// <summary>Numbers.</summary>
    Continuous,
}
